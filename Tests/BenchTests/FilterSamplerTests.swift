import Testing

@testable import Bench
@testable import Nostr

@Suite("The filters")
struct FilterSamplerTests {
    private let corpus = Corpus(CorpusShape(events: 2_000, authors: 400, seed: 7, base: 1_700_000_000))

    /// As a relay reads it that searches.
    private static func parsed(_ text: String) throws -> Filter {
        let bytes = Array(text.utf8)
        var reader = JSONReader(bytes.span)
        return try reader.readFilter(maximumValues: 1_000, search: SearchBounds(kinds: KindRanges([1...1])))
    }

    @Test("of every class are filters of NIP-01 that can match", arguments: FilterClass.allCases)
    func valid(filterClass: FilterClass) throws {
        var sampler = try FilterSampler(self.corpus)
        for _ in 0..<50 {
            let filter = try Self.parsed(sampler.filter(filterClass))
            #expect(!filter.isUnsatisfiable)
        }
    }

    @Test("ask for what the corpus holds", arguments: FilterClass.allCases)
    func answered(filterClass: FilterClass) async throws {
        var events: [Event] = []
        try await self.corpus.forEachPiece(isSigned: false) { events += try $0.map { try Event(parsing: $0.span) } }
        var sampler = try FilterSampler(self.corpus)
        let answers = try (0..<20).map { _ in
            let matcher = Matcher(try Self.parsed(sampler.filter(filterClass)))
            return events.filter { matcher.matches($0) }.count
        }
        // A window of one kind, or the profiles of a few, may be empty by chance.
        #expect(answers.filter { $0 > 0 }.count >= 15, "\(answers)")
    }

    @Test("are the same for the same corpus")
    func repeatable() throws {
        var first = try FilterSampler(self.corpus)
        var second = try FilterSampler(self.corpus)
        for filterClass in FilterClass.mix { #expect(first.filter(filterClass) == second.filter(filterClass)) }
    }

    @Test("name as many values as their class says")
    func counts() throws {
        var sampler = try FilterSampler(self.corpus)
        for _ in 0..<50 {
            let ids = try Filter(parsing: sampler.filter(.ids)).ids
            #expect((1...20).contains(ids?.count ?? 0))
            let feed = try Filter(parsing: sampler.filter(.feed))
            #expect((50...300).contains(feed.authors?.count ?? 0) && feed.limit == 100)
            let profiles = try Filter(parsing: sampler.filter(.profiles)).authors
            #expect((20...200).contains(profiles?.count ?? 0))
        }
    }

    @Test("of a follower name distinct authors who wrote something")
    func follows() throws {
        var sampler = try FilterSampler(self.corpus)
        let writers = Set(self.corpus.map(\.trace.author))
        for _ in 0..<20 {
            let (authors, text) = sampler.follows(20)
            #expect(Set(authors).count == 20)
            #expect(authors.allSatisfy { writers.contains(Int32($0)) })
            let named = try Filter(parsing: text).authors
            #expect(named == authors.map { self.corpus.keys[$0].publicKey })
        }
    }

    @Test("cannot be drawn from next to nothing, which is said")
    func tooSmall() {
        let tiny = Corpus(CorpusShape(events: 1, authors: 5, seed: 1, base: 0))
        #expect(throws: BenchFailure.self) { _ = try FilterSampler(tiny) }
    }
}
