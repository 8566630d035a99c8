import Nostr

@testable import Actors
@testable import Bench

/// Ten thousand subscriptions in the index that live events are looked up in: each follows twenty authors.
struct Subscribers {
    private var index = FilterIndex<Int>()
    private var matchers: [Matcher] = []

    init(count: Int) {
        var sampler = try? FilterSampler(Samples.corpus)
        for number in 0..<count {
            guard let text = sampler?.follows(20).filter, let filter = try? Filter(parsing: text) else { continue }
            self.index.insert(filter, number)
            self.matchers.append(Matcher(FilterIndex<Int>.remainder(of: filter)))
        }
        precondition(self.matchers.count == count, "The corpus is valid.")
    }

    /// How many of them an event is for.
    func matches(_ event: Event) -> Int {
        var count = 0
        self.index.forEachCandidate(of: event) { number in
            if self.matchers[number].matches(event) { count += 1 }
        }
        return count
    }
}
