public import Actors
public import Backends

/// What admins have banned, for commands that store events beside a relay.
public struct BanReader {
    private let reader: any StoreReader
    private var state = ManagementState()
    private var revision: Int64?
    /// By section, the revision of the last record that was taken over.
    private var cursors: [ManagementState.Section: Int64] = [:]
    private static let recordsAtOnce = 1_000

    public init(_ reader: any StoreReader) { self.reader = reader }

    /// What is banned now.
    public mutating func moderation() throws(StorageError) -> Moderation {
        let revision = try self.reader.recordRevision()
        guard revision != self.revision else { return self.state.moderation }
        for section in [ManagementState.Section.bannedPubkey, .bannedEvent] {
            var records: [Record] = []
            repeat {
                records = try self.reader.records(
                    in: section.rawValue,
                    after: self.cursors[section] ?? 0,
                    atMost: Self.recordsAtOnce
                )
                for record in records { self.state.take(record, of: section) }
                if let last = records.last { self.cursors[section] = last.revision }
            } while records.count == Self.recordsAtOnce
        }
        self.revision = revision
        return self.state.moderation
    }

    public func close() { self.reader.close() }
}
