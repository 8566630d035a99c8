import ArgumentParser
import Backends
import Foundation
import Server

/// `martlet backup`: copies the whole database, also while a relay runs on it.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the whole database into one file, also while a relay runs on it.",
        discussion: """
            The file holds what was stored at one moment: every event that was answered OK before the backup began, \
            what has been deleted and must not come back, and what is on record: members, bans, and what admins did. \
            It is checked before it gets its name.
            """
    )

    @OptionGroup var shared: SharedOptions

    @Argument(help: "The file to make.")
    var path: String

    @Flag(help: "Replace the file if it exists.")
    var force = false

    @Flag(help: "Write JSON lines, which a database of any backend can be restored from.")
    var portable = false

    func run() throws {
        let database = try self.shared.load().configuration.database.description
        let progress = Progress()
        let started = Date()
        let summary = try self.copy(of: database) { progress.show($0.text) }
        progress.clear()
        print("backed up \(summary.text(since: started))")
    }

    private func copy(of database: String, _ progress: (CopyProgress) -> Void) throws -> BackupSummary {
        guard self.portable else {
            return try StoreURL.backup(database).backup(to: self.path, replacing: self.force, progress: progress)
        }
        return try SnapshotFile.write(
            StoreURL.transfer(database),
            backend: String(database.prefix { $0 != ":" }),
            to: self.path,
            replacing: self.force,
            progress: progress
        )
    }
}
