import ArgumentParser
import Backends
import Foundation
import Server

/// `martlet restore`: makes the database anew from a backup.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make the database anew from a backup.",
        discussion: """
            No relay may run on the database meanwhile. One that holds something is replaced with --force only, and \
            then kept under another name, which is printed.
            """
    )

    @OptionGroup var shared: SharedOptions

    @Argument(help: "The backup.")
    var path: String

    @Flag(help: "Move a database that holds something aside.")
    var force = false

    func run() throws {
        let backup = try StoreURL.backup(self.shared.load().configuration.database.description)
        let progress = Progress()
        let started = Date()
        let summary = try backup.restore(from: self.path, replacing: self.force) { progress.show($0.text) }
        progress.clear()
        print("restored \(summary.text(since: started))")
        if let aside = summary.movedAside { print("the database that was there is now \(aside)") }
    }
}
