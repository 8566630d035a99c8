import Nostr
import TestSupport
import Testing

@testable import Backends

/// Everything that a store holds, read and taken by another.
@Suite struct TransferTests {
    private func items(of store: TestStore, atMost count: Int = 100) throws -> [StoredItem] {
        let snapshot = try store.transfer().openSnapshot()
        defer { snapshot.close() }
        return try self.items(snapshot, atMost: count)
    }

    private func items(_ snapshot: any StoreSnapshot, atMost count: Int = 100) throws -> [StoredItem] {
        var items: [StoredItem] = []
        while true {
            let next = try snapshot.next(atMost: count)
            #expect(next.count <= count)
            guard !next.isEmpty else { return items }
            items += next
        }
    }

    private func address(_ kind: Kind, _ identifier: String, until: Int64) -> StoredItem {
        let digest = SHA256.digest(Array(identifier.utf8))
        return .deletedAddress(kind, by: .sample(0), digest: digest, until: until)
    }

    @Test(arguments: Backend.allCases, Backend.allCases)
    func `an empty store that takes everything holds the same`(from: Backend, to: Backend) throws {
        let source = try TestStore(from)
        var random = RandomBatches(seed: 20_261_201)
        var positions: [Int64] = []
        for _ in 0..<150 { positions += try source.writer.save(random.next()).outcomes.compactMap(\.position) }
        // Removed by an operator, after which what a request named may come again behind it.
        _ = try source.writer.remove(positions: stride(from: 1, to: positions.count, by: 7).map { positions[$0] })
        for _ in 0..<50 { _ = try source.writer.save(random.next()) }
        let items = try self.items(of: source, atMost: 7)
        let contents = try source.intake().contents()
        let target = try TestStore(to)
        for start in stride(from: 0, to: items.count, by: 33) {
            let part = Array(items[start..<min(start + 33, items.count)])
            let summary = try target.intake().take(part)
            #expect(summary.stored + summary.tombstones == part.count && summary.removed == 0)
        }
        let found = try self.items(of: target)
        #expect(found.prefix(contents.events) == items.prefix(contents.events))
        // Tombstones have no order.
        #expect(found.count == items.count && Set(found) == Set(items))
        #expect(try target.intake().contents() == contents)
        #expect(contents.events > 20 && contents.deletedEvents > 20 && contents.deletedAddresses > 5)
        #expect(try target.allIDs() == source.allIDs())
        // The indexes too: what is found by tag is the same.
        for letter in ["d", "e", "a"] as [Character] {
            let filter = Filter.sample(tags: [letter: ["", "a", "0:\(PublicKey.sample(0)):"]])
            #expect(try target.reader.ids(filter) == source.reader.ids(filter))
        }
    }

    @Test(arguments: Backend.allCases)
    func `a snapshot shows one moment, whatever is saved and removed meanwhile`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = (0..<50).map { Event.sample(at: Int64($0)) }
        let positions = try store.storeAll(events)
        let snapshot = try store.transfer().openSnapshot()
        var items = try snapshot.next(atMost: 10)
        _ = try store.writer.remove(positions: [positions[0], positions[19], positions[49]])
        try store.save(.deletion(at: 100, of: [events[30]]), .sample(content: "late"))
        items += try self.items(snapshot)
        #expect(items == events.map { .event($0) })
        #expect(snapshot.contents == StoreContents(events: 50))
        snapshot.close()
        #expect(try self.items(of: store).count == 50 - 3 - 1 + 2 + 1)
    }

    @Test(arguments: Backend.allCases, [499, 500, 501, 1_000])
    func `a snapshot has everything, however it falls into pieces`(backend: Backend, count: Int) throws {
        let store = try TestStore(backend)
        try store.storeAll((0..<count).map { Event.sample(at: Int64($0)) })
        let tombstones = (0..<count).map { StoredItem.deletedEvent(.absent($0), by: .sample($0 % 3)) }
        let addresses = (0..<count).map { self.address(Kind(UInt16(30_000 + $0 % 7)), "\($0)", until: Int64($0)) }
        _ = try store.intake().take(tombstones + addresses)
        let items = try self.items(of: store, atMost: 77)
        #expect(items.count == 3 * count && Set(items).count == items.count)
        #expect(Set(items).isSuperset(of: tombstones + addresses))
    }

    @Test(arguments: Backend.allCases)
    func `a snapshot stops at about a mebibyte`(backend: Backend) throws {
        let store = try TestStore(backend)
        let text = String(repeating: "x", count: 300_000)
        try store.storeAll((0..<9).map { Event.sample(at: Int64($0), content: text) })
        let snapshot = try store.transfer().openSnapshot()
        #expect(try snapshot.next(atMost: 1_000).count == 4)
        snapshot.close()
    }

    @Test(arguments: Backend.allCases)
    func `a damaged event is passed over and counted`(backend: Backend) throws {
        let store = try TestStore(backend)
        let positions = try store.storeAll((0..<3).map { Event.sample(at: Int64($0)) })
        let nothing = backend == .sqlite ? "x'00'" : "'\\x00'"
        try store.execute("UPDATE event SET json = \(nothing) WHERE position = \(positions[1])")
        let snapshot = try store.transfer().openSnapshot()
        #expect(try self.items(snapshot).count == 2)
        #expect(snapshot.unreadable == 1 && snapshot.contents.events == 3)
        snapshot.close()
    }

    @Test func `a store that is not there, or of an older schema, has no snapshot`() throws {
        let folder = try TemporaryFolder()
        let store = SQLiteStore(path: folder.path("absent.db"), pageCacheBytes: 1 << 20)
        #expect(throws: StorageError.self) { try store.openSnapshot() }
        #expect(try folder.names().isEmpty)
        let file = try SQLiteFile()
        try file.stranger().execute("PRAGMA user_version = 1")
        #expect(throws: StorageError.olderSchema(path: file.path, found: 1, known: Schema.version)) {
            try file.store.openSnapshot()
        }
    }

    @Test(arguments: Backend.allCases)
    func `a tombstone that is taken removes what it names, and bars it`(backend: Backend) throws {
        let store = try TestStore(backend)
        let intake = try store.intake()
        let (note, other) = (Event.sample(content: "note"), Event.sample(by: .sample(1), content: "other"))
        let (old, new) = (Event.sample(kind: 0, at: 5), Event.sample(kind: 30_023, at: 50, tags: [["d", "x"]]))
        let request = Event.deletion(of: [])
        try store.storeAll([note, other, old, new, request])
        let tombstones: [StoredItem] = [
            .deletedEvent(note.id, by: .sample(0)), .deletedEvent(other.id, by: .sample(0)),
            .deletedEvent(request.id, by: .sample(0)), self.address(0, "", until: 5),
            self.address(30_023, "x", until: 49),
        ]
        #expect(try intake.take(tombstones).removed == 2)
        #expect(Set(try store.reader.ids(Filter())) == [other.id, new.id, request.id])
        #expect(try store.save(note, old, request) == [.deleted, .deleted, .duplicate])
        #expect(try intake.contents().deletedEvents == 3)
        // The later one counts, whichever comes first.
        _ = try intake.take([self.address(30_023, "x", until: 60), self.address(30_023, "x", until: 10)])
        #expect(try store.save(new) == [.deleted])
    }

    @Test(arguments: Backend.allCases)
    func `things that are taken together are taken one after the other`(backend: Backend) throws {
        let store = try TestStore(backend)
        let (gone, kept) = (Event.sample(content: "gone"), Event.sample(by: .sample(1), content: "kept"))
        let (first, second) = (Event.sample(kind: 0, at: 1), Event.sample(kind: 0, at: 2))
        let summary = try store.intake().take([
            .event(gone), .event(kept), .deletedEvent(gone.id, by: .sample(0)), .deletedEvent(kept.id, by: .sample(0)),
            .event(gone), .event(first), .event(second), .event(first), .event(second),
        ])
        #expect(Set(try store.allIDs()) == [kept.id, second.id])
        #expect(
            [summary.stored, summary.deleted, summary.superseded, summary.duplicate, summary.removed]
                == [4, 1, 1, 1, 2]
        )
    }

    @Test(arguments: Backend.allCases)
    func `what the store has deleted, or has in a newer version, is not taken`(backend: Backend) throws {
        let store = try TestStore(backend)
        let gone = Event.sample(content: "gone")
        let (old, new) = (Event.sample(kind: 0, at: 1), Event.sample(kind: 0, at: 2))
        try store.save(gone, .deletion(of: [gone]), new)
        let fresh = Event.sample(kind: 0, at: 3)
        let summary = try store.intake().take([.event(gone), .event(old), .event(new), .event(fresh)])
        #expect(
            [summary.deleted, summary.superseded, summary.duplicate, summary.stored, summary.removed] == [
                1, 1, 1, 1, 1,
            ]
        )
    }

    @Test(arguments: Backend.allCases)
    func `a request that is taken does nothing by itself`(backend: Backend) throws {
        let store = try TestStore(backend)
        let note = Event.sample(content: "note")
        _ = try store.intake().take([.event(note), .event(.deletion(of: [note]))])
        #expect(try store.intake().contents() == StoreContents(events: 2))
        #expect(try store.intake().take([]) == IntakeSummary())
    }
}
