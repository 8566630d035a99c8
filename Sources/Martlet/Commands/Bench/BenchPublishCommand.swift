import ArgumentParser
import Bench

/// `martlet bench publish`: what an event costs the relay, new or, the second time, known.
struct BenchPublishCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Publish events; the same ones again are duplicates."
    )

    @OptionGroup var bench: BenchOptions
    @OptionGroup var corpus: CorpusOptions

    @Option(help: "How many connections publish.")
    var connections = 8

    @Option(help: "How many events of a connection may be unanswered.")
    var window = 64

    @Flag(help: "Subscribe to the events with one more connection, and measure when they are delivered.")
    var subscriber = false

    func validate() throws {
        guard self.connections > 0, self.window > 0 else {
            throw ValidationError("--connections and --window take numbers above zero.")
        }
    }

    func run() async throws {
        let workload = PublishWorkload(
            target: try self.bench.target(),
            shape: self.corpus.shape,
            connections: self.connections,
            window: self.window,
            hasSubscriber: self.subscriber
        )
        try self.bench.show(try await workload.run())
    }
}
