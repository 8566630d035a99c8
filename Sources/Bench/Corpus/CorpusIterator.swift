import Nostr

/// Makes a corpus' events one after the other: an event may quote one of the thousand before it.
public struct CorpusIterator: IteratorProtocol {
    private let corpus: Corpus
    private var random: SeededGenerator
    private var index = 0
    /// The ids of the last events, each at its place modulo the count.
    private var recent: [EventID] = []
    private static let recentCount = 1_000

    init(_ corpus: Corpus) {
        self.corpus = corpus
        self.random = SeededGenerator(seed: corpus.shape.seed ^ 0xA5A5_A5A5_5A5A_5A5A)
    }

    public mutating func next() -> CorpusEvent? {
        guard self.index < self.corpus.shape.events else { return nil }
        let isAlone = self.corpus.keys.count == 1
        var trace = CorpusEvent.Trace(
            author: Int32(self.random.skewed(below: self.corpus.keys.count)),
            kind: isAlone ? 1 : Self.kind(self.random.below(100))
        )
        let tags = isAlone ? Array("[]".utf8) : self.makeTags(&trace)
        let event = CorpusEvent(
            trace: trace,
            createdAt: self.corpus.shape.base + Int64(self.index),
            pubkey: self.corpus.pubkeys[Int(trace.author)],
            tags: tags,
            content: trace.kind == 7 ? [UInt8(ascii: "+")] : self.makeContent()
        )
        self.remember(event.id)
        return event
    }

    /// The mix of kinds, by a number from 0 to 99.
    private static func kind(_ percent: Int) -> UInt16 {
        switch percent {
        case ..<50: 1
        case ..<75: 7
        case ..<83: 6
        case ..<88: 4
        case ..<91: 0
        case ..<94: 3
        case ..<97: 30_023
        default: 1_984
        }
    }

    private mutating func makeTags(_ trace: inout CorpusEvent.Trace) -> [UInt8] {
        let kind = trace.kind
        var tags = TagsText()
        if kind == 7 || kind == 6 || self.random.once(in: 3), self.index > 0 {
            let quoted = self.index - 1 - self.random.below(min(self.index, Self.recentCount))
            let mentioned = self.random.below(self.corpus.keys.count)
            tags.append(name: "e", hex: self.recent[quoted % Self.recentCount].bytes)
            tags.append(name: "p", text: self.corpus.pubkeys[mentioned])
            trace.quoted = Int32(quoted)
            trace.mentioned = Int32(mentioned)
        }
        if kind == 4 {
            let recipient = self.random.below(self.corpus.keys.count)
            tags.append(name: "p", text: self.corpus.pubkeys[recipient])
            trace.recipient = Int32(recipient)
        }
        if self.random.once(in: 5) {
            let word = self.random.below(Words.hashtagCount)
            tags.append(name: "t", text: Words.all[word])
            trace.hashtag = Int8(word)
        }
        if kind == 30_023 { tags.append(name: "d", text: Array("post-\(self.random.below(50))".utf8)) }
        return tags.finish()
    }

    private mutating func makeContent() -> [UInt8] {
        var content: [UInt8] = []
        content.reserveCapacity(Words.contentBytes + 32)
        while content.count < Words.contentBytes {
            content += Words.all[self.random.below(Words.all.count)]
            content.append(UInt8(ascii: " "))
        }
        return content
    }

    private mutating func remember(_ id: EventID) {
        if self.recent.count < Self.recentCount {
            self.recent.append(id)
        } else {
            self.recent[self.index % Self.recentCount] = id
        }
        self.index += 1
    }
}
