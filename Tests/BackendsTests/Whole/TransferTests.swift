import Nostr
import TestSupport
import Testing

@testable import Backends

/// Everything that a store holds, read and taken by another.
@Suite struct TransferTests {
    private func items(of store: SQLiteStore, atMost count: Int = 100) throws -> [StoredItem] {
        let snapshot = try store.openSnapshot()
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

    @Test(arguments: [20_261_201, 20_261_202] as [UInt64])
    func `an empty store that takes everything holds the same`(seed: UInt64) throws {
        let source = try SQLiteFile()
        var random = RandomBatches(seed: seed)
        for _ in 0..<150 { _ = try source.writer.save(random.next()) }
        // Removed by an operator, after which what a request named may come again behind it.
        _ = try source.writer.remove(positions: Array(stride(from: 1, to: 400, by: 7)))
        for _ in 0..<50 { _ = try source.writer.save(random.next()) }
        let items = try self.items(of: source.store, atMost: 7)
        let contents = try source.writer.contents()
        let target = try SQLiteFile()
        for start in stride(from: 0, to: items.count, by: 33) {
            let part = Array(items[start..<min(start + 33, items.count)])
            let summary = try target.writer.take(part)
            #expect(summary.stored + summary.tombstones == part.count && summary.removed == 0, "seed \(seed)")
        }
        let found = try self.items(of: target.store)
        #expect(found.prefix(contents.events) == items.prefix(contents.events), "seed \(seed)")
        // Tombstones have no order.
        #expect(found.count == items.count && Set(found) == Set(items), "seed \(seed)")
        #expect(try target.writer.contents() == contents)
        #expect(contents.events > 20 && contents.deletedEvents > 20 && contents.deletedAddresses > 5)
        #expect(try target.reader.ids(answering: .everything()) == source.reader.ids(answering: .everything()))
        // The indexes too: what is found by tag is the same.
        for letter in ["d", "e", "a"] as [Character] {
            let filter = Filter.sample(tags: [letter: ["", "a", "0:\(PublicKey.sample(0)):"]])
            #expect(try target.reader.ids(filter) == source.reader.ids(filter))
        }
    }

    @Test func `a snapshot shows one moment, whatever is saved and removed meanwhile`() throws {
        let file = try SQLiteFile()
        let events = (0..<50).map { Event.sample(at: Int64($0)) }
        _ = try file.writer.save(events)
        let snapshot = try file.store.openSnapshot()
        var items = try snapshot.next(atMost: 10)
        _ = try file.writer.remove(positions: [1, 20, 50])
        _ = try file.writer.save([.deletion(at: 100, of: [events[30]]), .sample(content: "late")])
        items += try self.items(snapshot)
        #expect(items == events.map { .event($0) })
        #expect(snapshot.contents == StoreContents(events: 50))
        snapshot.close()
        #expect(try self.items(of: file.store).count == 50 - 3 - 1 + 2 + 1)
    }

    @Test func `a snapshot stops at about a mebibyte`() throws {
        let file = try SQLiteFile()
        let text = String(repeating: "x", count: 300_000)
        _ = try file.writer.save((0..<9).map { Event.sample(at: Int64($0), content: text) })
        let snapshot = try file.store.openSnapshot()
        #expect(try snapshot.next(atMost: 1_000).count == 4)
        snapshot.close()
    }

    @Test func `a damaged event is passed over and counted`() throws {
        let file = try SQLiteFile()
        _ = try file.writer.save((0..<3).map { Event.sample(at: Int64($0)) })
        try file.stranger().execute("UPDATE event SET json = x'00' WHERE position = 2")
        let snapshot = try file.store.openSnapshot()
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
        #expect(throws: StorageError.olderSchema(path: file.path, found: 1, known: 2)) { try file.store.openSnapshot() }
    }

    @Test func `a tombstone that is taken removes what it names, and bars it`() throws {
        let file = try SQLiteFile()
        let (note, other) = (Event.sample(content: "note"), Event.sample(by: .sample(1), content: "other"))
        let (old, new) = (Event.sample(kind: 0, at: 5), Event.sample(kind: 30_023, at: 50, tags: [["d", "x"]]))
        let request = Event.deletion(of: [])
        _ = try file.writer.save([note, other, old, new, request])
        let tombstones: [StoredItem] = [
            .deletedEvent(note.id, by: .sample(0)), .deletedEvent(other.id, by: .sample(0)),
            .deletedEvent(request.id, by: .sample(0)), self.address(0, "", until: 5),
            self.address(30_023, "x", until: 49),
        ]
        #expect(try file.writer.take(tombstones).removed == 2)
        #expect(Set(try file.reader.ids(Filter())) == [other.id, new.id, request.id])
        #expect(try file.writer.save([note, old, request]).outcomes == [.deleted, .deleted, .duplicate])
        #expect(try file.writer.contents().deletedEvents == 3)
        // The later one counts, whichever comes first.
        _ = try file.writer.take([self.address(30_023, "x", until: 60), self.address(30_023, "x", until: 10)])
        #expect(try file.writer.save([new]).outcomes == [.deleted])
    }

    @Test func `what the store has deleted, or has in a newer version, is not taken`() throws {
        let file = try SQLiteFile()
        let gone = Event.sample(content: "gone")
        let (old, new) = (Event.sample(kind: 0, at: 1), Event.sample(kind: 0, at: 2))
        _ = try file.writer.save([gone, .deletion(of: [gone]), new])
        let fresh = Event.sample(kind: 0, at: 3)
        let summary = try file.writer.take([.event(gone), .event(old), .event(new), .event(fresh)])
        #expect(
            [summary.deleted, summary.superseded, summary.duplicate, summary.stored, summary.removed] == [
                1, 1, 1, 1, 1,
            ]
        )
    }

    @Test func `a request that is taken does nothing by itself`() throws {
        let file = try SQLiteFile()
        let note = Event.sample(content: "note")
        _ = try file.writer.take([.event(note), .event(.deletion(of: [note]))])
        #expect(try file.writer.contents() == StoreContents(events: 2))
    }
}
