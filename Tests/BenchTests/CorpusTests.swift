import Nostr
import Testing

@testable import Bench

@Suite("The corpus")
struct CorpusTests {
    private let shape = CorpusShape(events: 400, authors: 50, seed: 7, base: 1_700_000_000)

    @Test("is the same for the same numbers, and another for another seed")
    func repeatable() {
        let ids = Corpus(self.shape).map(\.id)
        #expect(ids == Corpus(self.shape).map(\.id))
        #expect(Set(ids).count == 400)
        let other = CorpusShape(events: 400, authors: 50, seed: 8, base: 1_700_000_000)
        #expect(Set(ids).isDisjoint(with: Corpus(other).map(\.id)))
    }
}
