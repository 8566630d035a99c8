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
            and what has been deleted and must not come back. It is checked before it gets its name.
            """
    )

    @OptionGroup var shared: SharedOptions

    @Argument(help: "The file to make.")
    var path: String

    @Flag(help: "Replace the file if it exists.")
    var force = false

    func run() throws {
        let backup = try StoreURL.backup(self.shared.load().configuration.database.description)
        let progress = Progress()
        let started = Date()
        let summary = try backup.backup(to: self.path, replacing: self.force) { progress.show($0.text) }
        progress.clear()
        print("backed up \(summary.text(since: started))")
    }
}
