import ArgumentParser
import Backends
import Foundation
import Nostr

/// `martlet delete`: removes stored events. It is no deletion request: the events may be published again.
struct DeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Remove the stored events that match."
    )

    @OptionGroup var shared: SharedOptions

    @Option(help: "What to remove: a filter of NIP-01, a JSON object.", transform: Filter.argument)
    var filter: Filter

    @Flag(help: "Only count.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    private static let batchEvents = 500

    func run() throws {
        let positions = try self.matchingPositions()
        guard !self.dryRun else { return print("\(positions.count) events would be removed") }
        guard self.isConfirmed(positions.count) else { return print("nothing was removed") }
        let writer = try self.shared.store().openWriter()
        defer { writer.close() }
        let progress = Progress()
        var removed = 0
        for start in stride(from: 0, to: positions.count, by: Self.batchEvents) {
            let batch = Array(positions[start..<min(start + Self.batchEvents, positions.count)])
            removed += try writer.remove(positions: batch)
            progress.show("removed \(removed) of \(positions.count)")
        }
        progress.finish("removed \(removed) events")
    }

    private func matchingPositions() throws -> [Int64] {
        // Expired events are stored until they are swept, and match here like any other.
        let query = StoredQuery([self.filter], readership: .operator, now: .min)
        var positions: [Int64] = []
        try self.shared.forEachPage(of: query) { positions += $0.positions }
        return positions
    }

    private func isConfirmed(_ count: Int) -> Bool {
        guard !self.yes, count > 0, isatty(STDIN_FILENO) == 1 else { return true }
        print("Remove \(count) events? [y/N] ", terminator: "")
        fflush(nil)
        return readLine()?.lowercased() == "y"
    }
}
