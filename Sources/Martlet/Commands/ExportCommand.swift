import ArgumentParser
import Backends
import Foundation
import Nostr

/// `martlet export`: stored events as JSON lines.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print stored events as JSON lines, oldest first."
    )

    @OptionGroup var shared: SharedOptions

    @Option(help: "Only what matches this filter of NIP-01, a JSON object.", transform: Filter.argument)
    var filter: Filter?

    @Flag(help: "Newest first.")
    var reverse = false

    @Option(help: "Only events from this second on (since 1970).")
    var since: Int64?

    @Option(help: "Only events up to this second (since 1970).")
    var until: Int64?

    func run() throws {
        var filter = self.filter ?? Filter()
        if let since { filter.since = max(since, filter.since ?? since) }
        if let until { filter.until = min(until, filter.until ?? until) }
        let query = StoredQuery(
            [filter],
            readership: .operator,
            now: Int64(Date().timeIntervalSince1970),
            direction: self.reverse ? .newestFirst : .oldestFirst
        )
        let output = StandardOutput()
        let progress = Progress()
        var count = 0
        try self.shared.forEachPage(of: query) { page in
            for index in 0..<page.count { try output.write(line: page.json(index)) }
            count += page.count
            progress.show("exported \(count)")
        }
        try output.flush()
        progress.finish("exported \(count) events")
    }
}
