import NIOCore
import Wire

@testable import Actors
@testable import Bench
@testable import Nostr

/// What the benchmarks work on: the load generator's corpus, so that every run sees the same.
struct Samples {
    static let corpus = Corpus(CorpusShape(events: 1_000, authors: 500, seed: 1, base: 1_700_000_000))

    /// The events, with signatures that mean nothing: none is checked here.
    let events: [Event]
    /// `["EVENT",…]`, as a client sends it.
    let messages: [[UInt8]]
    /// Filters of all classes.
    let filters: [Filter]

    init() {
        let lines = Self.corpus.map(\.unsignedJSON)
        self.events = lines.compactMap { try? Event(parsing: $0.span) }
        self.messages = lines.map { Array(#"["EVENT","#.utf8) + $0 + Array("]".utf8) }
        var sampler = try? FilterSampler(Self.corpus)
        self.filters = (0..<240).compactMap { number in
            sampler.map { _ in FilterClass.mix[number % FilterClass.mix.count] }
                .flatMap { sampler?.filter($0) }
                .flatMap { try? Filter(parsing: $0) }
        }
        precondition(self.events.count == lines.count && self.filters.count == 240, "The corpus is valid.")
    }

    /// The messages as masked frames, one after the other.
    var frames: ByteBuffer {
        var bytes: [UInt8] = []
        for message in self.messages { ClientFrame.append(.text, message.span, key: 0xA1B2_C3D4, to: &bytes) }
        return ByteBuffer(bytes: bytes)
    }
}
