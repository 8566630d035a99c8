import Testing

@testable import Backends

@Suite struct RecordTests {
    private func put(_ value: String, _ key: String, if condition: RecordChange.Condition = .none) -> RecordChange {
        RecordChange(.put(Array(value.utf8)), section: "member", key: key, if: condition)
    }

    private func text(_ record: Record?) -> String? { record?.value.map { String(decoding: $0, as: UTF8.self) } }

    @Test(arguments: Backend.allCases)
    func `what is put on record is read again, and its revision grows`(backend: Backend) throws {
        let store = try TestStore(backend)
        #expect(try store.reader.recordRevision() == 0)
        #expect(try store.writer.apply([self.put("1", "a"), self.put("2", "b")]) == .applied(revision: 2))
        #expect(try store.reader.recordRevision() == 2)
        #expect(try self.text(store.reader.record("a", in: "member")) == "1")
        #expect(try store.reader.record("a", in: "banned") == nil)
        #expect(try store.writer.apply([self.put("3", "a")]) == .applied(revision: 3))
        #expect(try store.reader.records(in: "member", after: 0, atMost: 10).map(\.key) == ["b", "a"])
        #expect(try store.reader.records(in: "member", after: 2, atMost: 10).map(self.text) == ["3"])
        #expect(try store.reader.records(in: "member", after: 0, atMost: 1).map(\.key) == ["b"])
        try store.reopen()
        #expect(try self.text(store.reader.record("a", in: "member")) == "3")
    }

    @Test(arguments: Backend.allCases)
    func `what is struck off is told, what is erased is gone`(backend: Backend) throws {
        let store = try TestStore(backend)
        _ = try store.writer.apply([self.put("1", "a"), self.put("2", "b")])
        let acts = [
            RecordChange(.strike, section: "member", key: "a"), RecordChange(.erase, section: "member", key: "b"),
        ]
        #expect(try store.writer.apply(acts) == .applied(revision: 4))
        #expect(try store.reader.record("a", in: "member") == nil)
        #expect(try store.reader.record("b", in: "member") == nil)
        let told = try store.reader.records(in: "member", after: 2, atMost: 10)
        #expect(told == [Record(section: "member", key: "a", value: nil, revision: 3)])
        #expect(try store.writer.apply([self.put("9", "a", if: .absent)]) == .applied(revision: 5))
    }

    @Test(arguments: Backend.allCases)
    func `where one condition does not hold nothing is changed`(backend: Backend) throws {
        let store = try TestStore(backend)
        _ = try store.writer.apply([self.put("1", "a")])
        let changes = [self.put("2", "b"), self.put("2", "a", if: .absent)]
        #expect(try store.writer.apply(changes) == .refused(index: 1))
        #expect(try store.reader.record("b", in: "member") == nil)
        #expect(try store.reader.recordRevision() == 1)
        #expect(try store.writer.apply([self.put("2", "a", if: .revision(7))]) == .refused(index: 0))
        #expect(try store.writer.apply([self.put("2", "a", if: .revision(1))]) == .applied(revision: 2))
        #expect(try store.writer.apply([self.put("2", "c", if: .revision(1))]) == .refused(index: 0))
    }

    @Test(arguments: Backend.allCases)
    func `of many who take one thing at once one gets it`(backend: Backend) async throws {
        let store = try TestStore(backend)
        let url = store.folder.url
        let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<6 {
                group.addTask {
                    let writer = try backend.store(in: url).openWriter()
                    defer { writer.close() }
                    let change = RecordChange(.put([UInt8(number)]), section: "invite", key: "x", if: .absent)
                    return try writer.apply([change]) != .refused(index: 0)
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
    }

    @Test(arguments: Backend.allCases)
    func `keys and values may hold any text`(backend: Backend) throws {
        let store = try TestStore(backend)
        let keys = ["'; DROP TABLE record; --", "\u{1F426} 燕", "", String(repeating: "x", count: 500), "%_\\"]
        _ = try store.writer.apply(keys.map { self.put("\"\($0)\"", $0) })
        for key in keys { #expect(try self.text(store.reader.record(key, in: "member")) == "\"\(key)\"") }
        #expect(try store.reader.records(in: "member", after: 0, atMost: 100).map(\.key) == keys)
    }
}
