import Nostr
import TestSupport

/// Filters of every shape that match some of the random events, or none.
struct RandomFilters {
    private var events: RandomEvents
    private let ids: [EventID]

    var generator: SplitMix64 {
        get { self.events.generator }
        set { self.events.generator = newValue }
    }

    init(seed: UInt64, for events: [Event]) {
        self.events = RandomEvents(seed: seed)
        self.ids = events.map(\.id) + (0..<3).map { EventID.absent($0) }
    }

    mutating func filter() -> Filter {
        var tags: [Character: [String]] = [:]
        for letter in RandomEvents.letters where self.generator.once(in: 7) {
            tags[letter] = Array(Set((0...self.generator.below(4)).map { _ in self.events.value(of: letter) })).sorted()
        }
        var filter = Filter.sample(tags: tags)
        if self.generator.once(in: 5) { filter.ids = self.generator.some(40, of: self.ids) }
        if self.generator.once(in: 3) {
            filter.authors = self.generator.some(3, of: RandomEvents.authors + [.sample(99)])
        }
        if self.generator.once(in: 8) {
            // So many that everyone's events are scanned for theirs.
            filter.authors = (filter.authors ?? []) + (100..<140).map { PublicKey.sample($0) }
        }
        if self.generator.once(in: 3) {
            filter.kinds = self.generator.some(4, of: [0, 1, 2, 4, 5, 7, 1_059, 10_002, 30_023, 30_024])
        }
        if self.generator.once(in: 3) { filter.since = self.events.second() - 5 }
        if self.generator.once(in: 3) { filter.until = self.events.second() + 5 }
        if self.generator.once(in: 3) { filter.limit = self.generator.pick([0, 1, 2, 3, 10, 50, 1_000]) }
        if self.generator.once(in: 60) { filter.authors = [] }
        if self.generator.once(in: 60) { filter.kinds = [] }
        return filter
    }
}
