import ArgumentParser
import Bench

/// The numbers that events follow from.
struct CorpusOptions: ParsableArguments {
    @Option(help: "How many events.")
    var events = 20_000

    @Option(help: "How many authors.")
    var authors = 500

    @Option(help: "What random choices follow from.")
    var seed: UInt64 = 1

    @Option(help: "When the first event was made, in seconds since 1970; each further one is a second younger.")
    var base: Int64 = 1_700_000_000

    func validate() throws { try Self.check(events: self.events, authors: self.authors, base: self.base) }

    /// Fails where a number makes no corpus.
    static func check(events: Int, authors: Int, base: Int64) throws {
        guard (1...100_000_000).contains(events) else {
            throw ValidationError("The number of events is from 1 to 100000000.")
        }
        guard (1...1_000_000).contains(authors) else {
            throw ValidationError("The number of authors is from 1 to 1000000.")
        }
        guard (0...1_000_000_000_000).contains(base) else {
            throw ValidationError("--base takes a number of seconds since 1970.")
        }
    }

    var shape: CorpusShape {
        CorpusShape(events: self.events, authors: self.authors, seed: self.seed, base: self.base)
    }
}
