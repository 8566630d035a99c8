import Glibc

/// Backups of a PostgreSQL database by its own tools, so that an administrator knows how to handle them: a file that
/// `pg_dump` made. Where these are missing, or are older than the server, it is a snapshot of JSON lines.
struct PostgresBackup: StoreBackup {
    let store: PostgresStore
    /// Where the programs of PostgreSQL are looked for.
    var folders = PostgresPrograms.folders

    func backup(
        to target: String,
        replacing: Bool,
        progress: (CopyProgress) -> Void
    ) throws(StorageError) -> BackupSummary {
        let isThere = try FileSystem.exists(target)
        guard replacing || !isThere else { throw .exists(path: target) }
        let snapshot = try self.store.openPostgresSnapshot(withVanished: true)
        defer { snapshot.close() }
        let version = snapshot.connection.serverVersion / 10_000
        guard let programs = PostgresPrograms.newest(atLeast: version, in: self.folders) else {
            return try SnapshotFile.write(
                self.store,
                backend: "postgres",
                to: target,
                replacing: replacing,
                progress: progress
            )
        }
        let file = try IncompleteFile(for: target)
        file.keepPrivate()
        try self.dump(snapshot, to: file, programs, progress)
        try file.sync()
        progress(.checking)
        let dump = PostgresDump(file.path, self.store.node.schema, programs)
        try dump.check()
        try dump.count()
        guard dump.contents == snapshot.contents else {
            throw .damaged(path: file.path, reason: "it holds \(dump.contents) instead of \(snapshot.contents)")
        }
        try file.publish(replacing: replacing)
        return BackupSummary(contents: dump.contents, bytes: file.size)
    }

    /// Has `pg_dump` write what a snapshot shows.
    private func dump(
        _ snapshot: PostgresSnapshot,
        to file: IncompleteFile,
        _ programs: PostgresPrograms,
        _ progress: (CopyProgress) -> Void
    ) throws(StorageError) {
        let access = try self.store.url.access(through: snapshot.connection)
        let process = try ChildProcess(
            programs.dump,
            [
                "--format=custom", "--compress=1", "--schema=\(self.store.node.schema.name)",
                "--no-unlogged-table-data",
                "--no-owner", "--no-privileges", "--no-password", "--snapshot=\(try snapshot.export())",
                "--dbname=\(access.arguments)",
            ],
            environment: access.environment
        )
        var bytes = 0
        while true {
            // Written here, not by the program: one whose reader is gone ends.
            let piece = try process.read(atMost: 1 << 18)
            guard !piece.isEmpty else { break }
            try file.write(piece)
            bytes += piece.count
            progress(.copying(bytes: bytes, of: nil))
        }
        try process.finish()
    }
}
