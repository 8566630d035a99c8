import ArgumentParser
import Backends
import Foundation
import Nostr
import Server

/// `martlet scan`: what a REQ with these filters would return, as JSON lines.
struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Print what a REQ would return, newest first."
    )

    @OptionGroup var shared: SharedOptions

    @Argument(help: "Filters of NIP-01, JSON objects.", transform: Filter.argument)
    var filters: [Filter]

    func run() throws {
        let limits = try self.shared.load().configuration.subscriptions
        let query = StoredQuery(
            self.filters,
            limit: (limits.defaultLimit, limits.maxLimit),
            readership: .operator,
            now: Int64(Date().timeIntervalSince1970)
        )
        let output = StandardOutput()
        try self.shared.forEachPage(of: query) { page in
            for index in 0..<page.count { try output.write(line: page.json(index)) }
        }
        try output.flush()
    }
}
