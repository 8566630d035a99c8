import Nostr
import TestSupport
import Testing

@testable import Backends

/// Records on their way from one store to another.
@Suite struct RecordTransferTests {
    private func put(_ section: String, _ key: String, _ value: String) -> RecordChange {
        RecordChange(.put(Array(value.utf8)), section: section, key: key)
    }

    private func record(_ section: String, _ key: String, _ value: String?, _ revision: Int64) -> Record {
        Record(section: section, key: key, value: value.map { Array($0.utf8) }, revision: revision)
    }

    private func items(of store: TestStore, atMost count: Int = 100) throws -> [StoredItem] {
        let snapshot = try store.transfer().openSnapshot()
        defer { snapshot.close() }
        var items: [StoredItem] = []
        while true {
            let next = try snapshot.next(atMost: count)
            guard !next.isEmpty else {
                #expect(snapshot.unreadable == 0)
                return items
            }
            items += next
        }
    }

    private func records(of store: TestStore) throws -> [Record] {
        try self.items(of: store).compactMap { item in if case .record(let record) = item { record } else { nil } }
    }

    private func digest(of store: TestStore) throws -> ContentDigest {
        try self.items(of: store).reduce(into: ContentDigest()) { $0.add($1) }
    }

    /// Puts, strikes off and erases in several sections, among events.
    private func fill(_ store: TestStore) throws {
        _ = try store.writer.apply([
            self.put("member", "a", #"{"since":1}"#), self.put("banned_pubkey", "b", #"{"reason":"\n"}"#),
            self.put("member", "c", #"{"since":2,"until":9}"#), self.put("http_authorization", "d", #"{"until":5}"#),
        ])
        try store.save(.sample(content: "note"))
        _ = try store.writer.apply([
            RecordChange(.strike, section: "member", key: "a"), RecordChange(.erase, section: "member", key: "e"),
            RecordChange(.put([0, 0xFF, 0x5C]), section: "audit", key: "tab\t\\ line\n燕"),
            self.put("some_later_thing", "", "null"),
        ])
    }

    @Test(arguments: Backend.allCases, Backend.allCases)
    func `an empty store that takes records holds the same, with the same revisions`(from: Backend, to: Backend) throws
    {
        let (source, target) = (try TestStore(from), try TestStore(to))
        try self.fill(source)
        let expected = [
            self.record("banned_pubkey", "b", #"{"reason":"\n"}"#, 2),
            self.record("member", "c", #"{"since":2,"until":9}"#, 3),
            self.record("http_authorization", "d", #"{"until":5}"#, 4), self.record("member", "a", nil, 5),
            Record(section: "audit", key: "tab\t\\ line\n燕", value: [0, 0xFF, 0x5C], revision: 7),
            self.record("some_later_thing", "", "null", 8),
        ]
        let items = try self.items(of: source, atMost: 2)
        #expect(items.dropLast() == expected.map { .record($0) }[...])
        for start in stride(from: 0, to: items.count, by: 4) {
            let summary = try target.intake().take(Array(items[start..<min(start + 4, items.count)]))
            #expect(summary.records + summary.stored == min(4, items.count - start))
        }
        #expect(try self.records(of: target) == expected)
        #expect(try self.digest(of: target) == self.digest(of: source))
        #expect(try target.intake().contents() == StoreContents(events: 1, records: 6))
        #expect(try target.intake().contents() == source.intake().contents())
        // What is decided from here on comes after all that.
        #expect(try target.reader.recordRevision() == 8)
        #expect(try target.writer.apply([self.put("member", "f", "1")]) == .applied(revision: 9))
        // A token that was used stays used.
        let claim = RecordChange(.put([0x31]), section: "http_authorization", key: "d", if: .absent)
        #expect(try target.writer.apply([claim]) == .refused(index: 0))
    }

    @Test(arguments: Backend.allCases)
    func `a record that is lost, changed or has another revision changes the digest`(backend: Backend) throws {
        let record = self.record("member", "a", "1", 5)
        func digest(_ record: Record) -> ContentDigest {
            var digest = ContentDigest()
            digest.add(.record(record))
            return digest
        }
        let others = [
            self.record("member", "a", "2", 5), self.record("member", "a", nil, 5), self.record("member", "b", "1", 5),
            self.record("banned_pubkey", "a", "1", 5), self.record("member", "a", "1", 6),
        ]
        for other in others { #expect(digest(other) != digest(record)) }
        #expect(digest(record) != ContentDigest())
    }

    @Test(arguments: Backend.allCases)
    func `a way that is gone twice, or halfway and then whole, ends in the same`(backend: Backend) throws {
        let (source, target) = (try TestStore(backend), try TestStore(backend))
        try self.fill(source)
        let items = try self.items(of: source)
        _ = try target.intake().take(Array(items.prefix(3)))
        let summary = try target.intake().take(items)
        #expect(summary.duplicateRecords == 3 && summary.records == 3 && summary.keptRecords == 0)
        #expect(try self.digest(of: target) == self.digest(of: source))
        let again = try target.intake().take(items)
        #expect(again.duplicateRecords == 6 && again.records == 0)
        // What the source has decided meanwhile comes with the next one, what the target has stays.
        _ = try source.writer.apply([self.put("member", "c", "3"), RecordChange(.strike, section: "audit", key: "x")])
        _ = try target.writer.apply([self.put("member", "g", "4"), self.put("banned_pubkey", "b", "5")])
        let last = try target.intake().take(self.items(of: source))
        #expect(last.records == 2 && last.keptRecords == 1 && last.duplicateRecords == 4)
        #expect(try target.reader.record("c", in: "member")?.value == Array("3".utf8))
        #expect(try target.reader.record("g", in: "member")?.value == Array("4".utf8))
        #expect(try target.reader.record("b", in: "banned_pubkey")?.value == Array("5".utf8))
    }

    @Test(arguments: Backend.allCases)
    func `whoever follows a section hears of what is taken, in its order`(backend: Backend) throws {
        let store = try TestStore(backend)
        _ = try store.writer.apply((0..<20).map { self.put("member", "\($0)", "0") })
        let taken = [
            self.record("member", "x", "1", 3), self.record("member", "y", nil, 4), self.record("kind", "z", "1", 7),
            self.record("member", "v", "1", 50),
        ]
        #expect(try store.intake().take(taken.map { .record($0) }).records == 4)
        let heard = try store.reader.records(in: "member", after: 20, atMost: 10)
        #expect(heard.map(\.key) == ["x", "y", "v"] && heard.map(\.revision) == [21, 22, 50])
        #expect(try store.reader.records(in: "kind", after: 20, atMost: 10).map(\.revision) == [23])
        #expect(try store.reader.recordRevision() == 50)
    }

    @Test func `of two the greater revision stands, and the one that comes where they are equal`() {
        let mine = self.record("member", "a", "1", 5)
        func arrival(_ value: String?, _ revision: Int64, over standing: Record?) -> RecordArrival {
            RecordArrival(of: self.record("member", "a", value, revision), over: standing, after: 9)
        }
        #expect(arrival("2", 4, over: mine) == .superseded)
        #expect(arrival("2", 5, over: mine) == .put(revision: 10))
        #expect(arrival(nil, 6, over: mine) == .put(revision: 10))
        #expect(arrival("2", 60, over: mine) == .put(revision: 60))
        #expect(arrival("1", 4, over: mine) == .duplicate && arrival("1", 60, over: mine) == .duplicate)
        #expect(arrival(nil, 1, over: nil) == .put(revision: 10) && arrival("1", 11, over: nil) == .put(revision: 11))
        let struck = self.record("member", "a", nil, 5)
        #expect(arrival("1", 4, over: struck) == .superseded && arrival(nil, 4, over: struck) == .duplicate)
        #expect(arrival("1", 6, over: struck) == .put(revision: 10))
    }

    @Test(arguments: Backend.allCases)
    func `names that look the same and are not are two records`(backend: Backend) throws {
        let (source, target) = (try TestStore(backend), try TestStore(backend))
        let keys = ["\u{E9}", "e\u{301}", "a", "A"]
        _ = try source.writer.apply(keys.map { self.put("member", $0, "1") })
        _ = try target.intake().take(self.items(of: source))
        #expect(
            try target.reader.records(in: "member", after: 0, atMost: 9).map { Array($0.key.utf8) }
                == keys.map { Array($0.utf8) }
        )
    }

    @Test(arguments: Backend.allCases, [499, 500, 1_001])
    func `a snapshot has all records, however they fall into pieces`(backend: Backend, count: Int) throws {
        let (source, target) = (try TestStore(backend), try TestStore(backend))
        _ = try source.writer.apply((0..<count).map { self.put("member", "\($0)", "\($0)") })
        let items = try self.items(of: source, atMost: 77)
        #expect(items.count == count)
        #expect(try target.intake().take(items).records == count)
        #expect(try self.digest(of: target) == self.digest(of: source))
    }

    @Test(arguments: Backend.allCases)
    func `a damaged record is passed over and counted`(backend: Backend) throws {
        let store = try TestStore(backend)
        _ = try store.writer.apply([self.put("member", "a", "1"), self.put("member", "b", "2")])
        try store.execute("UPDATE record SET section = 'no word' WHERE key = 'a'")
        let snapshot = try store.transfer().openSnapshot()
        defer { snapshot.close() }
        #expect(try snapshot.next(atMost: 10).count == 1)
        #expect(try snapshot.next(atMost: 10).isEmpty)
        #expect(snapshot.unreadable == 1 && snapshot.contents.records == 2)
    }

    @Test(arguments: Backend.allCases)
    func `a store that takes records while others change them loses nothing`(backend: Backend) async throws {
        let store = try TestStore(backend)
        let url = store.folder.url
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<3 {
                group.addTask {
                    let intake = try #require(try backend.store(in: url).openWriter() as? any StoreIntake)
                    defer { intake.close() }
                    for step in 0..<10 {
                        let record = Record(section: "taken", key: "\(number) \(step)", value: [0x31], revision: 1)
                        _ = try intake.take([.record(record)])
                    }
                }
                group.addTask {
                    let writer = try backend.store(in: url).openWriter()
                    defer { writer.close() }
                    for step in 0..<10 {
                        _ = try writer.apply([RecordChange(.put([0x32]), section: "own", key: "\(number) \(step)")])
                    }
                }
            }
            try await group.waitForAll()
        }
        let records = try self.records(of: store)
        #expect(records.count == 60 && Set(records.map(\.revision)) == Set(1...60))
    }
}
