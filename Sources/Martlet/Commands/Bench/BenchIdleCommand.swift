import ArgumentParser
import Bench
import Nostr

/// `martlet bench idle`: what a connection costs the relay that only listens.
struct BenchIdleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "idle",
        abstract: "Open many connections that subscribe and do nothing."
    )

    @OptionGroup var bench: BenchOptions

    @Option(help: "How many connections.")
    var connections = 3_000

    @Option(help: "What each of them subscribes to.")
    var filter = #"{"kinds":[1]}"#

    func validate() throws {
        guard self.connections > 0 else { throw ValidationError("--connections takes a number above zero.") }
        _ = try Filter.argument(self.filter)
    }

    func run() async throws {
        let target = try self.bench.target()
        let workload = IdleWorkload(target: target, connections: self.connections, filter: self.filter)
        try self.bench.show(try workload.run())
    }
}
