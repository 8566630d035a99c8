import Nostr
import Testing

@testable import Actors

@Suite("The index of filters")
struct FilterIndexTests {
    /// Filters of all shapes over few values, so that many match.
    private func randomFilter(using generator: inout SystemRandomNumberGenerator, ids: [EventID]) -> Filter {
        var filter = Filter()
        if Int.random(in: 0..<5, using: &generator) == 0 { filter.ids = Array(ids.shuffled().prefix(3)) }
        if Bool.random() { filter.authors = [Make.alice.publicKey, Make.bob.publicKey].filter { _ in Bool.random() } }
        if Bool.random() { filter.kinds = [0, 1, 7].filter { _ in Bool.random() } }
        for letter in ["t", "e"] where Bool.random() {
            let values = ["a", "b", "\"quoted\""].filter { _ in Bool.random() }.map { SubscriptionID($0).canonical }
            filter.tags.append(TagCondition(letter: letter.utf8.first ?? 0, values: values))
        }
        return filter
    }

    @Test("brings up every filter that matches an event, and none that was removed")
    func findsEveryMatch() throws {
        var generator = SystemRandomNumberGenerator()
        let events = try (0..<40).map { number in
            try Make.event(
                by: Bool.random() ? Make.alice : Make.bob,
                kind: [0, 1, 7].randomElement() ?? 1,
                tags: [["t", ["a", "b", "\"quoted\"", "c"].randomElement() ?? "a"], ["e", "a"]],
                content: "\(number)"
            )
        }
        let filters = (0..<300).map { _ in self.randomFilter(using: &generator, ids: events.map(\.id)) }
        var index = FilterIndex()
        for (number, filter) in filters.enumerated() { index.insert(filter, Self.reference(number)) }
        for (number, filter) in filters.enumerated() where number.isMultiple(of: 3) {
            index.remove(filter, Self.reference(number))
        }
        for event in events {
            var candidates: Set<Int> = []
            index.forEachCandidate(of: event) { candidates.insert(Int($0.subscription.number)) }
            let matching = filters.indices.filter {
                !$0.isMultiple(of: 3) && !filters[$0].isUnsatisfiable && Matcher(filters[$0]).matches(event)
            }
            #expect(candidates.isSuperset(of: matching))
            #expect(candidates.allSatisfy { !$0.isMultiple(of: 3) })
        }
    }

    @Test("compares an event with few of many filters that follow authors")
    func isSelective() throws {
        var index = FilterIndex()
        for number in 0..<1_000 {
            var filter = Filter()
            filter.authors = [KeyPair.random().publicKey]
            filter.kinds = [1]
            index.insert(filter, Self.reference(number))
        }
        var candidates = 0
        index.forEachCandidate(of: try Make.event()) { _ in candidates += 1 }
        #expect(candidates == 0)
    }

    private static func reference(_ number: Int) -> FilterIndex.Reference {
        FilterIndex.Reference(subscription: SubscriptionKey(number: UInt64(number)), filter: 0)
    }
}
