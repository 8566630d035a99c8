import ArgumentParser
import Bench
import Foundation

/// `martlet bench fanout`: what the delivery of a live event costs the relay, and how long it takes.
struct BenchFanoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fanout",
        abstract: "Publish new events to many subscribers.",
        discussion: "Without --seed the events follow from the clock, so that each run publishes new ones."
    )

    @OptionGroup var bench: BenchOptions

    @Option(help: "How many connections subscribe (default: 500, or 1000 with --kind).")
    var subscribers: Int?

    @Option(help: "How many authors each of them follows.")
    var follows = 20

    @Option(help: "Let all of them subscribe to this kind instead.")
    var kind: UInt16?

    @Option(help: "Publish so many events a second; 0 for as many as the relay takes, 64 unanswered.")
    var rate = 0

    @Option(help: "How many events.")
    var events = 5_000

    @Option(help: "How many authors.")
    var authors = 500

    @Option(help: "What random choices follow from.")
    var seed: UInt64?

    @Option(help: "When the first event was made, in seconds since 1970; each further one is a second younger.")
    var base: Int64 = 1_700_000_000

    func validate() throws {
        guard self.subscribers ?? 1 > 0, self.follows > 0, self.rate >= 0 else {
            throw ValidationError("--subscribers and --follows take numbers above zero, --rate none below.")
        }
        try CorpusOptions.check(events: self.events, authors: self.authors, base: self.base)
    }

    func run() async throws {
        let seed = self.seed ?? UInt64(Date().timeIntervalSince1970 * 1_000)
        let workload = FanoutWorkload(
            target: try self.bench.target(),
            shape: CorpusShape(events: self.events, authors: self.authors, seed: seed, base: self.base),
            subscribers: self.subscribers ?? (self.kind == nil ? 500 : 1_000),
            interest: self.kind.map { .kind($0) } ?? .authors(self.follows),
            rate: self.rate
        )
        try self.bench.show(try await workload.run())
    }
}
