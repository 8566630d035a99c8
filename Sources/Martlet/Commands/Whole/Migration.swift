import Backends

/// The way of everything that one store holds into another, and the comparison afterwards.
struct Migration {
    let source: any StoreTransfer
    let target: any StoreTransfer
    /// Whether the target may hold something already.
    let merges: Bool
    /// Things of one transaction, and their bytes, roughly.
    private static let batch = (items: 5_000, bytes: 8 << 20)

    /// What came of it.
    struct Report {
        let read: ContentDigest
        let taken: IntakeSummary
        let isMerge: Bool

        var text: String {
            guard self.isMerge else { return "migrated \(self.read.contents), all compared," }
            var parts = [
                "stored \(self.taken.stored)", "duplicate \(self.taken.duplicate)",
                "superseded \(self.taken.superseded)", "deleted \(self.taken.deleted)",
                "vanished \(self.taken.vanished)",
                "removed from the target \(self.taken.removed)",
            ]
            if self.read.contents.records > 0 {
                parts.append("records taken \(self.taken.records), the same \(self.taken.duplicateRecords)")
                parts.append("kept as the target has them \(self.taken.keptRecords)")
            }
            return "merged \(self.read.contents): \(parts.joined(separator: ", "))"
        }
    }

    /// Copies everything.
    ///
    /// - Parameter progress: is told where it stands, a sentence for a terminal.
    func run(progress: (String) -> Void) throws -> Report {
        let snapshot = try self.source.openSnapshot()
        defer { snapshot.close() }
        let intake = try self.target.openIntake()
        let (read, taken): (ContentDigest, IntakeSummary)
        do {
            defer { intake.close() }
            let held = try intake.contents()
            guard self.merges || held.isEmpty else { throw MigrationError.targetHolds(held) }
            (read, taken) = try Self.copy(snapshot, into: intake, progress)
        }
        guard snapshot.unreadable == 0, read.contents == snapshot.contents else {
            throw MigrationError.unreadable(snapshot.unreadable)
        }
        if !self.merges {
            let found = try self.targetDigest(expecting: read.contents, progress)
            guard found == read else { throw MigrationError.differs(found.contents, expected: read.contents) }
        }
        return Report(read: read, taken: taken, isMerge: self.merges)
    }

    private static func copy(
        _ snapshot: any StoreSnapshot,
        into intake: any StoreIntake,
        _ progress: (String) -> Void
    ) throws -> (ContentDigest, IntakeSummary) {
        var digest = ContentDigest()
        var taken = IntakeSummary()
        var isAtEnd = false
        while !isAtEnd {
            var items: [StoredItem] = []
            var bytes = 0
            while items.count < Self.batch.items, bytes < Self.batch.bytes, !isAtEnd {
                let next = try snapshot.next(atMost: Self.batch.items - items.count)
                isAtEnd = next.isEmpty
                items += next
                bytes += next.reduce(0) { $0 + $1.size }
            }
            guard !items.isEmpty else { break }
            for item in items { digest.add(item) }
            taken += try intake.take(items)
            progress("migrated \(digest.contents.events) of \(snapshot.contents.events) events")
        }
        return (digest, taken)
    }

    private func targetDigest(
        expecting contents: StoreContents,
        _ progress: (String) -> Void
    ) throws -> ContentDigest {
        let snapshot = try self.target.openSnapshot()
        defer { snapshot.close() }
        var digest = ContentDigest()
        while true {
            let items = try snapshot.next(atMost: Self.batch.items)
            guard !items.isEmpty else { return digest }
            for item in items { digest.add(item) }
            progress("compared \(digest.contents.events) of \(contents.events) events")
        }
    }
}
