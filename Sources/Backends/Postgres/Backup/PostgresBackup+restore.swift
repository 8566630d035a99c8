import Glibc
import Nostr

extension PostgresBackup {
    func restore(
        from backup: String,
        replacing: Bool,
        progress: (CopyProgress) -> Void
    ) throws(StorageError) -> BackupSummary {
        guard try FileSystem.exists(backup) else {
            throw .file(path: backup, act: "read", reason: String(cString: strerror(ENOENT)))
        }
        let isSnapshot = try SnapshotFile.isOne(backup)
        let isDump = try PostgresDump.isOne(backup)
        guard isSnapshot || isDump else {
            let reason =
                "it is neither a dump of PostgreSQL's nor a snapshot; one of SQLite's is for an SQLite database"
            throw .file(path: backup, act: "restored", reason: reason)
        }
        let place = try PostgresPlace(self.store)
        do throws(StorageError) {
            // A refusal comes before the work.
            let occupant = try place.occupant(replacing: replacing)
            let digest =
                isSnapshot
                ? try self.fill(place, from: backup, progress)
                : try self.load(place, from: backup, progress)
            progress(.checking)
            let contents = try self.check(place, holds: digest, from: backup)
            let bytes = try place.bytes()
            let aside = try place.publish(over: occupant)
            return BackupSummary(contents: contents, bytes: bytes, movedAside: aside)
        } catch {
            place.giveUp()
            throw error
        }
    }

    /// What a backup says that it holds.
    private struct Expected {
        let contents: StoreContents
        /// Nil where not all of it could be read here.
        let digest: ContentDigest?
    }

    /// Makes the new schema from a dump.
    private func load(
        _ place: PostgresPlace,
        from backup: String,
        _ progress: (CopyProgress) -> Void
    ) throws(StorageError) -> Expected {
        guard let programs = PostgresPrograms.newest(in: self.folders) else {
            throw .file(path: backup, act: "restored", reason: "pg_restore is not installed")
        }
        let dump = PostgresDump(backup, self.store.node.schema, programs)
        try dump.check()
        try place.beginLoading()
        try dump.read { (part) throws(StorageError) in
            switch part {
            case .statements(let text): try place.connection.execute(text, timeout: PostgresPlace.patience)
            case .table(let statement): try place.connection.beginCopy(statement)
            case .rows(let lines): try place.connection.putCopy(lines)
            case .endOfTable: try place.connection.endCopy()
            }
            progress(.writing(events: dump.contents.events, of: nil))
        }
        try place.endLoading(of: backup)
        let isRead = dump.digest.contents == dump.contents
        return Expected(contents: dump.contents, digest: isRead ? dump.digest : nil)
    }

    /// Makes the new schema from the lines of a snapshot.
    private func fill(
        _ place: PostgresPlace,
        from snapshot: String,
        _ progress: (CopyProgress) -> Void
    ) throws(StorageError) -> Expected {
        try place.clear()
        let intake = try place.new.openIntake()
        defer { intake.close() }
        var digest = ContentDigest()
        let contents = try SnapshotFile.read(snapshot) { (items) throws(StorageError) in
            for item in items { digest.add(item) }
            _ = try intake.take(items)
            progress(.writing(events: digest.contents.events, of: nil))
        }
        return Expected(contents: contents, digest: digest)
    }

    /// Reads the new schema, and compares it with the backup.
    private func check(
        _ place: PostgresPlace,
        holds expected: Expected,
        from backup: String
    ) throws(StorageError) -> StoreContents {
        let snapshot = try place.new.openPostgresSnapshot(withVanished: true)
        defer { snapshot.close() }
        guard snapshot.contents == expected.contents else {
            let reason = "the database holds \(snapshot.contents) instead of \(expected.contents)"
            throw .damaged(path: backup, reason: reason)
        }
        guard let digest = expected.digest else { return snapshot.contents }
        var found = ContentDigest()
        while true {
            let items = try snapshot.next(atMost: 5_000)
            guard !items.isEmpty else { break }
            for item in items { found.add(item) }
        }
        guard found == digest else { throw .damaged(path: backup, reason: "the database holds something else") }
        return snapshot.contents
    }
}
