import Nostr
import TestSupport
import Testing

@testable import Backends

@Suite struct SnapshotFileTests {
    @Test func `a file tells the same as the store, and another store is made from it`() throws {
        let file = try SQLiteFile()
        var random = RandomBatches(seed: 20_261_211)
        for _ in 0..<100 {
            // Ids that no hash gave are none that a file may hold.
            _ = try file.writer.save(random.next().filter { (try? Event(parsing: $0.json.span)) != nil })
        }
        let (path, place) = (file.folder.path("lines"), file.folder.path("new/here.db"))
        let written = try SnapshotFile.write(file.store, backend: "sqlite", to: path, replacing: false) { _ in }
        #expect(written.contents == (try file.writer.contents()))
        let restored = try SQLiteBackup(path: place).restore(from: path, replacing: false) { _ in }
        #expect(restored.contents == written.contents)
        let again = file.folder.path("again")
        let other = SQLiteStore(path: place, pageCacheBytes: 1 << 20)
        _ = try SnapshotFile.write(other, backend: "sqlite", to: again, replacing: false) { _ in }
        #expect(try self.digest(again) == self.digest(path))
    }

    private func digest(_ path: String) throws -> ContentDigest {
        var digest = ContentDigest()
        _ = try SnapshotFile.read(path) { items in for item in items { digest.add(item) } }
        return digest
    }

    @Test func `a damaged event fails the backup, which is not made`() throws {
        let file = try SQLiteFile()
        _ = try file.writer.save([.sample(), .sample(content: "x")])
        try file.stranger().execute("UPDATE event SET json = x'00' WHERE position = 1")
        #expect(throws: StorageError.failed("1 rows are damaged and cannot be read")) {
            try SnapshotFile.write(file.store, backend: "sqlite", to: file.folder.path("b"), replacing: false) { _ in }
        }
        #expect(try !file.folder.names().contains { $0.hasPrefix("b") })
    }

    @Test func `lines of any length up to the bound are read, across pieces`() throws {
        let folder = try TemporaryFolder()
        let lengths = [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5 << 20, 0, 3]
        let lines = lengths.map { [UInt8](repeating: UInt8(ascii: "x"), count: $0) }
        for end in [[], [UInt8(ascii: "\n")]] {
            try folder.write(Array(lines.joined(separator: [UInt8(ascii: "\n")])) + end, to: "lines")
            let reader = try FileLines(folder.path("lines"))
            var found: [Int] = []
            while let line = try reader.next() { found.append(line.count) }
            #expect(found == lengths)
        }
        #expect(throws: StorageError.self) { try FileLines(folder.path("absent")) }
    }
}
