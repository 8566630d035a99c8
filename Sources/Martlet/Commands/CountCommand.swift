import ArgumentParser
import Backends
import Foundation
import Nostr

/// `martlet count`: how many stored events match, exactly, however long that takes.
struct CountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "count",
        abstract: "Print how many stored events match."
    )

    @OptionGroup var shared: SharedOptions

    @Argument(help: "Filters of NIP-01, JSON objects; their limits do not count.", transform: Filter.argument)
    var filters: [Filter]

    func run() throws {
        let reader = try self.shared.store().openReader()
        defer { reader.close() }
        var count = StoredCount(self.filters, readership: .operator, now: Int64(Date().timeIntervalSince1970))
        while !count.isComplete {
            count = try reader.advance(count, bounds: PageBounds(events: 1_000, bytes: 1 << 20, rows: 200_000))
        }
        print(count.answer.count)
    }
}
