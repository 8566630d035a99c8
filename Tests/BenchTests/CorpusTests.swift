import Nostr
import Testing

@testable import Bench

@Suite("The corpus")
struct CorpusTests {
    private func corpus(events: Int = 400, seed: UInt64 = 7) -> Corpus {
        Corpus(CorpusShape(events: events, authors: 50, seed: seed, base: 1_700_000_000))
    }

    private func lines(of corpus: Corpus, isSigned: Bool = true) async throws -> [[UInt8]] {
        var lines: [[UInt8]] = []
        try await corpus.forEachPiece(isSigned: isSigned) { lines += $0 }
        return lines
    }

    @Test("is the same for the same numbers, and another for another seed")
    func repeatable() {
        let ids = self.corpus().map(\.id)
        #expect(ids == self.corpus().map(\.id))
        #expect(Set(ids).count == 400)
        #expect(Set(ids).isDisjoint(with: self.corpus(seed: 8).map(\.id)))
    }

    @Test("is the same on every machine")
    func sameEverywhere() {
        let first = self.corpus().first { _ in true }
        #expect(first?.id.hex == "743d17a32d865a9ffa67f5a498d07170a0934ef439f6b24cf7ccc374e98440fd")
    }

    @Test("begins like a shorter one")
    func prefixes() {
        #expect(self.corpus(events: 100).map(\.id) == self.corpus().prefix(100).map(\.id))
    }

    @Test("is signed with the same bytes each time, for a duplicate's signature is looked at too")
    func sameSignatures() async throws {
        #expect(try await self.lines(of: self.corpus(events: 50)) == self.lines(of: self.corpus(events: 50)))
    }

    @Test("holds events that parse, verify and are canonical already")
    func verifies() async throws {
        let corpus = self.corpus()
        let lines = try await self.lines(of: corpus)
        #expect(lines.count == 400)
        for (line, sketch) in zip(lines, corpus) {
            let event = try Event(parsing: line.span)
            #expect(event.hasValidSignature)
            #expect(event.json == line)
            #expect(event.id == sketch.id)
            #expect(event.pubkey == corpus.keys[Int(sketch.trace.author)].publicKey)
            #expect(event.kind.rawValue == sketch.trace.kind)
        }
    }

    @Test("has the right ids without signatures too")
    func unsigned() async throws {
        let corpus = self.corpus()
        for (line, sketch) in zip(try await self.lines(of: corpus, isSigned: false), corpus) {
            let event = try Event(parsing: line.span)
            #expect(event.id == sketch.id)
            #expect(!event.hasValidSignature)
        }
    }

    @Test("has each kind in its proportion, and a few authors who write most")
    func proportions() {
        let traces = self.corpus(events: 10_000).map(\.trace)
        let counts = Dictionary(grouping: traces, by: \.kind).mapValues { Double($0.count) / 100 }
        let shares: [UInt16: Double] = [1: 50, 7: 25, 6: 8, 4: 5, 0: 3, 3: 3, 30_023: 3, 1_984: 3]
        #expect(counts.keys.sorted() == shares.keys.sorted())
        for (kind, share) in shares { #expect(abs((counts[kind] ?? 0) - share) < 2, "kind \(kind)") }
        // Half of an even choice is an eighth of its cube.
        let busiest = traces.filter { $0.author < 50 / 8 }.count
        #expect((4_500..<5_500).contains(busiest))
    }

    @Test("quotes only events that came before, a thousand back at most")
    func quotes() {
        for (place, event) in self.corpus(events: 3_000).enumerated() {
            guard let quoted = event.trace.quoted else { continue }
            #expect((max(0, place - 1_000)..<place).contains(Int(quoted)))
        }
    }

    @Test("of one author is notes of one key, a second apart, which no other seed has")
    func singleAuthor() async throws {
        let corpus = Corpus.singleAuthor(CorpusShape(events: 5, authors: 50, seed: 7, base: 100))
        let events = try await self.lines(of: corpus).map { try Event(parsing: $0.span) }
        #expect(events.map(\.createdAt) == [100, 101, 102, 103, 104])
        #expect(events.allSatisfy { $0.kind == 1 && $0.pubkey == corpus.firstAuthor && $0.hasValidSignature })
        #expect(!self.corpus().keys.map(\.publicKey).contains(corpus.firstAuthor))
    }
}
