import Nostr
import TestSupport
import Testing

@testable import Backends

/// Random searches over random events, against a plain search through all of them.
@Suite struct RandomSearchTests {
    private static let words = ["apple", "apples", "pear", "plum", "app", "fig", "figs"]

    @Test(arguments: Backend.allCases, [1, 2, 3] as [UInt64])
    func `random searches are answered as a plain search answers them`(backend: Backend, seed: UInt64) throws {
        let store = try TestStore(backend)
        var random = SplitMix64(seed: seed)
        var model = SaveModel()
        let indexer = try store.store.openIndexer(kinds: .searched)
        defer { indexer.close() }
        for round in 0..<8 {
            var batch = (0..<60).map { Self.event($0 + round * 100, &random) }
            batch.append(.deletion(by: batch[0].pubkey, at: 2_000, of: random.some(5, of: batch)))
            for event in batch { _ = model.save(event) }
            _ = try store.writer.save(batch)
            if random.once(in: 2) { _ = try indexer.indexNext() }
            var shown = 0
            for _ in 0..<backend.rounds(60) {
                let (text, filter) = (Self.search(&random), Self.filter(model.stored, &random))
                let expected = SearchModel(text).answer(filter, over: model.stored)
                let bounds = random.pick([PageBounds(), PageBounds(events: 3), PageBounds(rows: 5)])
                let query = StoredQuery([filter.searching(text)], readership: .operator, now: 0)
                let answer = try store.reader.ids(answering: query, bounds: bounds)
                try #require(answer == expected, "seed \(seed): \(text) in \(filter)")
                shown += answer.count
            }
            #expect(shown > 20, "the sample must show events")
        }
    }

    private static func event(_ number: Int, _ random: inout SplitMix64) -> Event {
        let words = (0...random.below(6)).map { _ in random.pick(Self.words) }
        let parting = random.pick([" ", ", ", "\n", " - "])
        let content = words.map { random.once(in: 3) ? $0.uppercased() : $0 }.joined(separator: parting)
        return .sample(
            by: .sample(random.below(4)),
            kind: random.pick([0, 1, 1, 1, 4, 30_023]),
            at: 1_000 + Int64(random.below(400)) * random.pick([1, 1, 100_000]),
            tags: [
                ["d", "\(random.below(3))"], ["t", "\(random.below(2))"], ["e", EventID.absent(random.below(3)).hex],
            ],
            content: content
        )
    }

    private static func search(_ random: inout SplitMix64) -> String {
        (0...random.below(2)).map { _ in
            let word = random.pick(Self.words)
            switch random.below(5) {
            case 0: return "\"\(word) \(random.pick(Self.words))\""
            case 1: return word.prefix(3) + "*"
            case 2: return word.uppercased()
            default: return word
            }
        }.joined(separator: " ")
    }

    private static func filter(_ events: [Event], _ random: inout SplitMix64) -> Filter {
        var filter = Filter()
        if random.once(in: 8) { filter.ids = random.some(30, of: events.map(\.id)) }
        if random.once(in: 4) { filter.authors = random.some(2, of: (0..<5).map { PublicKey.sample($0) }) }
        if random.once(in: 12) { filter.authors = (0..<100).map { PublicKey.sample($0 + 2) } }
        if random.once(in: 4) { filter.kinds = random.some(2, of: [0, 1, 4, 7, 30_023]) }
        if random.once(in: 5) {
            filter.tags = [TagCondition(letter: UInt8(ascii: "t"), values: [Filter.canonical("1")])]
        }
        if random.once(in: 6) {
            let value = Filter.canonical(EventID.absent(1).hex)
            filter.tags.append(TagCondition(letter: UInt8(ascii: "e"), values: [value]))
        }
        if random.once(in: 4) { filter.since = 1_000 + Int64(random.below(500)) }
        if random.once(in: 4) { filter.until = 1_000 + Int64(random.below(500)) * 100_000 }
        if random.once(in: 3) { filter.limit = random.below(12) }
        return filter
    }
}

/// What a search must answer, by looking at each event's words one after the other.
private struct SearchModel {
    private let parts: [(words: [String], isPrefix: Bool)]

    init(_ text: String) {
        var parts: [(words: [String], isPrefix: Bool)] = []
        for (index, piece) in text.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            let isQuoted = index % 2 == 1
            let chunks = isQuoted ? [piece] : piece.split(separator: " ")
            for chunk in chunks {
                let isPrefix = chunk.hasSuffix("*")
                let words = chunk.split(separator: " ").map { $0.filter { $0 != "*" }.lowercased() }
                if !parts.contains(where: { $0.words == words && $0.isPrefix == isPrefix }) {
                    parts.append((words, isPrefix))
                }
            }
        }
        self.parts = parts
    }

    func answer(_ filter: Filter, over events: [Event]) -> [EventID] {
        let matcher = Matcher(filter)
        let hits = events.compactMap { event -> (event: Event, score: Double)? in
            guard KindRanges.searched.contains(event.kind), matcher.matches(event) else { return nil }
            return self.score(of: event.content).map { (event, $0) }
        }
        let order = hits.sorted { one, other in
            if one.score != other.score { return one.score > other.score }
            if one.event.createdAt != other.event.createdAt { return one.event.createdAt > other.event.createdAt }
            return one.event.id.hex < other.event.id.hex
        }
        return order.prefix(filter.limit ?? .max).map(\.event.id)
    }

    private func score(of text: String) -> Double? {
        let words = text.lowercased().split { !$0.isLetter }.map(String.init)
        var sum = 0.0
        for (wanted, isPrefix) in self.parts {
            let count = words.indices.filter { start in
                guard start + wanted.count <= words.count else { return false }
                return wanted.indices.allSatisfy { offset in
                    let word = words[start + offset]
                    return isPrefix ? word.hasPrefix(wanted[offset]) : word == wanted[offset]
                }
            }.count
            guard count > 0 else { return nil }
            // BM25 with k1 = 1.2, b = 0.75, over texts of 30 words and a gap behind the last.
            let norm = 1.2 * (1 - 0.75 + 0.75 * Double(words.count + 1) / 30.0)
            sum += Double(count) * (1.2 + 1) / (Double(count) + norm)
        }
        return sum
    }
}
