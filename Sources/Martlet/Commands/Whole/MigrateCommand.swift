import ArgumentParser
import Backends
import Foundation
import Server

/// `martlet migrate`: hands everything that one database holds to another, of whatever backend.
struct MigrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Copy everything from one database into another, of whatever backend.",
        discussion: """
            Events, what has been deleted, and what is on record: members, bans, the relay's own settings, and what \
            admins did; as they stand when it begins. What went into an empty database is read again at the end and \
            compared; the exit code is 1 where the two differ.
            """
    )

    @OptionGroup var shared: SharedOptions

    @Option(help: "The database to read (default: the configured one).", transform: DatabaseLocation.argument)
    var from: DatabaseLocation?

    @Option(help: "The database to fill.", transform: DatabaseLocation.argument)
    var to: DatabaseLocation

    @Flag(
        help: """
            Fill a database that holds something already; the newer version of what both hold stays, which of a record \
            is the one with the greater revision.
            """
    )
    var merge = false

    func run() throws {
        let source = try self.from ?? self.shared.load().configuration.database
        guard source != self.to else { throw ValidationError("--from and --to name the same database") }
        let progress = Progress()
        let started = Date()
        let migration = Migration(
            source: try StoreURL.transfer(source.description),
            target: try StoreURL.transfer(self.to.description),
            merges: self.merge
        )
        let report: Migration.Report
        do {
            report = try migration.run { progress.show($0) }
        } catch {
            progress.clear()
            throw error
        }
        progress.clear()
        print("\(report.text) in \(String(format: "%.1f", Date().timeIntervalSince(started))) s")
    }
}

extension DatabaseLocation {
    /// Reads an argument of the command line.
    fileprivate static func argument(_ text: String) throws -> DatabaseLocation {
        do {
            return try DatabaseLocation(parsing: text)
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
