import ArgumentParser
import Bench

/// `martlet bench query`: what a REQ for stored events costs the relay.
struct BenchQueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Ask for stored events of the corpus."
    )

    @OptionGroup var bench: BenchOptions
    @OptionGroup var corpus: CorpusOptions

    @Option(help: "How many connections ask, each one question at a time.")
    var connections = 8

    @Option(help: "How many questions.")
    var queries = 1_500

    @Option(
        name: .customLong("class"),
        help: "Ask one sort of question instead of the mix: \(FilterClass.names).",
        transform: FilterClass.argument
    )
    var filterClass: FilterClass?

    func validate() throws {
        guard self.connections > 0, self.queries > 0 else {
            throw ValidationError("--connections and --queries take numbers above zero.")
        }
    }

    func run() async throws {
        let workload = QueryWorkload(
            target: try self.bench.target(),
            shape: self.corpus.shape,
            connections: self.connections,
            queries: self.queries,
            filterClass: self.filterClass
        )
        try self.bench.show(try workload.run())
    }
}
