import Nostr
import TestSupport
import Testing

@testable import Actors

@Suite("The index of filters")
struct FilterIndexTests {
    /// Filters of all shapes over few values, so that many match.
    private func randomFilter(using generator: inout SplitMix64, ids: [EventID]) -> Filter {
        var filter = Filter()
        if generator.once(in: 5) { filter.ids = generator.some(3, of: ids) }
        if generator.once(in: 2) {
            filter.authors = generator.some(2, of: [Make.alice.publicKey, Make.bob.publicKey])
        }
        if generator.once(in: 2) { filter.kinds = generator.some(2, of: [0, 1, 7]) }
        for letter in "te".utf8 where generator.once(in: 2) {
            let values = generator.some(2, of: ["a", "b", "\"quoted\""]).map { SubscriptionID($0).canonical }
            filter.tags.append(TagCondition(letter: letter, values: values))
        }
        return filter
    }

    @Test("brings up every filter that matches an event, and none that was removed", arguments: [1, 2] as [UInt64])
    func findsEveryMatch(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let events = try (0..<40).map { number in
            try Make.event(
                by: generator.pick([Make.alice, Make.bob]),
                kind: generator.pick([0, 1, 7]),
                tags: [["t", generator.pick(["a", "b", "\"quoted\"", "c"])], ["e", "a"]],
                content: "\(number)"
            )
        }
        let filters = (0..<300).map { _ in self.randomFilter(using: &generator, ids: events.map(\.id)) }
        var index = FilterIndex<Int>()
        for (number, filter) in filters.enumerated() { index.insert(filter, number) }
        for (number, filter) in filters.enumerated() where number.isMultiple(of: 3) {
            index.remove(filter, number)
        }
        for event in events {
            var candidates: Set<Int> = []
            index.forEachCandidate(of: event) { candidates.insert($0) }
            let matching = filters.indices.filter {
                !$0.isMultiple(of: 3) && !filters[$0].isUnsatisfiable && Matcher(filters[$0]).matches(event)
            }
            #expect(candidates.isSuperset(of: matching))
            // What the key says need not be asked again.
            let remaining = candidates.map { ($0, FilterIndex<Int>.remainder(of: filters[$0])) }
            let left = remaining.filter { !filters[$0.0].isUnsatisfiable && Matcher($0.1).matches(event) }.map(\.0)
            #expect(left.sorted() == matching)
            #expect(candidates.allSatisfy { !$0.isMultiple(of: 3) })
        }
    }

    @Test("keeps nothing of filters that went, however many shared a key and in whatever order they came and went")
    func forgets() throws {
        var generator = SplitMix64(seed: 5)
        var filter = Filter()
        filter.kinds = [1]
        var index = FilterIndex<Int>()
        var model: Set<Int> = []
        for step in 0..<20_000 {
            let number = generator.below(120)
            // The share of insertions swings, so that the shared key has many filters and few by turns.
            if generator.below(100) < ((step / 1_000).isMultiple(of: 2) ? 70 : 25) {
                if model.insert(number).inserted { index.insert(filter, number) }
            } else if model.remove(number) != nil {
                index.remove(filter, number)
            }
        }
        var candidates: [Int] = []
        index.forEachCandidate(of: try Make.event()) { candidates.append($0) }
        #expect(candidates.sorted() == model.sorted())
    }

    @Test("brings a filter up once for a tag that an event repeats a thousand times")
    func repeatedTags() throws {
        let value = SubscriptionID("x").canonical
        var filter = Filter()
        filter.tags = [TagCondition(letter: UInt8(ascii: "t"), values: [value])]
        var index = FilterIndex<Int>()
        index.insert(filter, 1)
        let event = try Make.event(tags: [[String]](repeating: ["t", "x"], count: 1_000) + [["t", "y"]])
        var candidates = 0
        index.forEachCandidate(of: event, TagLookup(event)) { _ in candidates += 1 }
        #expect(candidates == 1)
    }

    @Test("compares an event with few of many filters that follow authors")
    func isSelective() throws {
        var index = FilterIndex<Int>()
        for number in 0..<1_000 {
            var filter = Filter()
            filter.authors = [KeyPair.random().publicKey]
            filter.kinds = [1]
            index.insert(filter, number)
        }
        var candidates = 0
        index.forEachCandidate(of: try Make.event()) { _ in candidates += 1 }
        #expect(candidates == 0)
    }
}
