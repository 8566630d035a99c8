import Backends
import Foundation
import Nostr
import Testing

@testable import Martlet

@Suite("An import")
struct ImporterTests {
    private let now: Int64 = 1_700_000_000
    private let keys = KeyPair.random()

    private func event(_ kind: Kind, _ tags: [[String]] = [], _ content: String = "", at offset: Int64 = 0) throws
        -> Event
    {
        try #require(
            Event.signed(by: self.keys, kind: kind, tags: tags, content: content, createdAt: self.now + offset)
        )
    }

    private func run(_ lines: [[UInt8]], in folder: URL) async throws -> ImportSummary {
        let file = folder.appending(path: "lines")
        try Data(lines.joined(separator: [UInt8(ascii: "\n")])).write(to: file)
        let store = try StoreURL.store("sqlite:\(folder.path())/m.db", pageCacheBytes: 1 << 20, readers: 1)
        let judge = ImportJudge(verifies: true, policy: nil, now: self.now)
        var importer = Importer(writer: try store.openWriter(), judge: judge, rejects: nil)
        try await importer.run(LineReader(try FileHandle(forReadingFrom: file), name: "lines")) { _ in }
        return importer.summary
    }

    @Test("accounts for every line, and the second time stores nothing")
    func addsUp() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "import-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let note = try self.event(1, [], "note")
        let forged = String(decoding: note.json, as: UTF8.self).replacing("note", with: "forged")
        let gone = try self.event(1, [], "gone")
        let events = [
            note, gone, try self.event(0, [], "old"), try self.event(0, [], "new", at: 1),
            try self.event(0, [], "older", at: -1), try self.event(5, [["e", gone.id.hex]]), gone,
            try self.event(1, [["expiration", "1"]]), try self.event(20_001), try self.event(22_242), note,
        ]
        let lines = events.map(\.json) + [Array(forged.utf8), Array("{".utf8), Array("[1]".utf8)]

        let first = try await self.run(lines, in: folder)
        #expect(first.read == 14)
        #expect(first.stored == 3)
        #expect(first.replaced == 2)
        #expect(first.deleted == 2)
        #expect(first.expired == 1)
        #expect(first.neverStored == 2)
        #expect(first.duplicate == 1)
        #expect(first.rejectedCount == 3)
        #expect(first.rejected["id is not the hash of the event"] == 1)
        #expect(first.rejected["the line is not an event in JSON"] == 2)

        let second = try await self.run(lines, in: folder)
        #expect(second.stored == 0)
        #expect(second.read == 14)
        let parts = [
            second.stored, second.duplicate, second.replaced, second.deleted, second.expired, second.neverStored,
            second.rejectedCount,
        ]
        #expect(parts.reduce(0, +) == second.read)
    }
}
