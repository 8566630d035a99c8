import Foundation
import Nostr
import Testing

@testable import Backends

@Suite struct SQLiteBackupTests {
    private func filled(_ count: Int = 20, size: Int = 100) throws -> SQLiteFile {
        let file = try SQLiteFile()
        let text = String(repeating: "x", count: size)
        _ = try file.writer.save((0..<count).map { Event.sample(at: Int64($0), tags: [["t", "x"]], content: text) })
        return file
    }

    private func events(in path: String) throws -> [EventID] {
        let store = SQLiteStore(path: path, pageCacheBytes: 1 << 20)
        let writer = try store.openWriter()
        defer { writer.close() }
        return try store.openReader().ids(Filter())
    }

    @Test func `a backup is of one moment, however much is saved while it is made`() throws {
        let file = try self.filled(400, size: 20_000)
        let target = file.folder.path("b")
        var steps: [CopyProgress] = []
        let before = Set(try file.reader.ids(Filter()))
        let summary = try SQLiteBackup(path: file.path).backup(to: target, replacing: false) { step in
            steps.append(step)
            // A copy that began anew at each change would never end.
            guard case .copying = step else { return }
            _ = try? file.writer.save([.sample(at: 1_000 + Int64(steps.count))])
        }
        #expect(summary.contents.events == 400)
        #expect(steps.count > 3 && steps.last == .checking)
        #expect(Set(try self.events(in: target)) == before)
        #expect(try file.reader.statistics().events == 400 + steps.count - 1)
    }

    @Test func `a backup holds what others have committed, and nothing of what they have not`() throws {
        let file = try self.filled()
        let stranger = try file.stranger()
        try stranger.execute("BEGIN IMMEDIATE")
        try stranger.execute("DELETE FROM event")
        let target = file.folder.path("b")
        let summary = try SQLiteBackup(path: file.path).backup(to: target, replacing: false) { _ in }
        try stranger.execute("ROLLBACK")
        #expect(summary.contents.events == 20)
        #expect(try self.events(in: target).count == 20)
    }

    @Test func `positions go on after a restore, and deleted events stay deleted`() throws {
        let file = try self.filled()
        let note = Event.sample(content: "note")
        _ = try file.writer.save([note, .deletion(of: [note])])
        let (copy, place) = (file.folder.path("b"), file.folder.path("made/here.db"))
        _ = try SQLiteBackup(path: file.path).backup(to: copy, replacing: false) { _ in }
        let restored = try SQLiteBackup(path: place).restore(from: copy, replacing: false) { _ in }
        #expect(restored.contents == StoreContents(events: 21, deletedEvents: 1) && restored.movedAside == nil)
        #expect(restored.bytes == (try Data(contentsOf: URL(filePath: place))).count)
        let writer = try SQLiteStore(path: place, pageCacheBytes: 1 << 20).openWriter()
        #expect(try writer.save([note, .sample(content: "new")]).outcomes == [.deleted, .stored(position: 23)])
    }

    @Test func `a backup of an older schema can be made, and is restored and brought up to date`() throws {
        let folder = try TemporaryFolder()
        let (old, copy, place) = (folder.path("old.db"), folder.path("b"), folder.path("new.db"))
        let database = try Database(path: old, mode: .write)
        try database.execute(Schema.steps[0])
        try database.execute("PRAGMA application_id = \(Schema.applicationID)")
        try database.execute("PRAGMA user_version = 1")
        _ = try SQLiteBackup(path: old).backup(to: copy, replacing: false) { _ in }
        _ = try SQLiteBackup(path: place).restore(from: copy, replacing: false) { _ in }
        #expect(try self.events(in: place).isEmpty)
    }

    @Test(arguments: ["", "plain", "with space", "50%?#&=;", "ü/ö", "a:b"])
    func `a path may have any characters`(name: String) throws {
        let file = try self.filled()
        try FileManager.default.createDirectory(atPath: file.folder.path("ü"), withIntermediateDirectories: false)
        let target = file.folder.path("b\(name)")
        _ = try SQLiteBackup(path: file.path).backup(to: file.folder.path(name + "b"), replacing: false) { _ in }
        guard !name.contains("/") else { return }
        _ = try SQLiteBackup(path: target + ".db").restore(from: file.folder.path(name + "b"), replacing: false) { _ in
        }
        #expect(try self.events(in: target + ".db").count == 20)
    }

    @Test func `a file that is being written by another is left to it, and what a dead one left is not`() throws {
        let file = try self.filled()
        let target = file.folder.path("b")
        let other = try IncompleteFile(for: target)
        #expect(throws: StorageError.inUse(path: target + ".incomplete")) {
            try SQLiteBackup(path: file.path).backup(to: target, replacing: false) { _ in }
        }
        withExtendedLifetime(other) {}
        let writer = try self.filled()
        // A whole backup that still has its first name as well: a kill between two steps leaves it so.
        _ = try SQLiteBackup(path: writer.path).backup(to: writer.folder.path("b"), replacing: false) { _ in }
        try FileManager.default.linkItem(
            atPath: writer.folder.path("b"),
            toPath: writer.folder.path("c.incomplete")
        )
        let whole = try writer.folder.bytes(of: "b")
        _ = try SQLiteBackup(path: writer.path).backup(to: writer.folder.path("c"), replacing: false) { _ in }
        #expect(try writer.folder.bytes(of: "b") == whole)
        #expect(try !writer.folder.names().contains("c.incomplete"))
    }

    @Test func `a backup looks like the database, and only who may read that may read it`() throws {
        let file = try self.filled()
        #expect(chmod(file.path, 0o600) == 0)
        let target = file.folder.path("b")
        _ = try SQLiteBackup(path: file.path).backup(to: target, replacing: false) { _ in }
        let mode = try FileManager.default.attributesOfItem(atPath: target)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `a page of the database that is damaged fails the backup, which is not made`() throws {
        let file = try self.filled(300, size: 2_000)
        file.writer.close()
        let handle = try FileHandle(forUpdating: URL(filePath: file.path))
        try handle.seek(toOffset: 4_096 * 20)
        try handle.write(contentsOf: Data(repeating: 0xA5, count: 4_096))
        try handle.close()
        let target = file.folder.path("b")
        #expect {
            try SQLiteBackup(path: file.path).backup(to: target, replacing: false) { _ in }
        } throws: { error in
            if case .damaged = error as? StorageError { true } else { false }
        }
        #expect(try !file.folder.names().contains { $0.hasPrefix("b") })
    }
}
