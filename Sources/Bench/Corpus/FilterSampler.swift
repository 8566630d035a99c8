import Nostr

/// Draws filters that a corpus answers: what it asks for is there, as often as it is there.
struct FilterSampler {
    private let corpus: Corpus
    private var random: SeededGenerator
    private var ids: [EventID] = []
    /// The author of each event.
    private var authors: [Int32] = []
    /// Authors that wrote something.
    private var writers: [Int] = []
    /// Values of all `e`, `p` and `t` tags, each as often as it occurs.
    private var quoted: [Int32] = []
    private var mentioned: [Int32] = []
    private var hashtags: [Int8] = []

    init(_ corpus: Corpus) throws(BenchFailure) {
        self.corpus = corpus
        self.random = SeededGenerator(seed: corpus.shape.seed ^ 0x0F0F_0F0F_F0F0_F0F0)
        self.ids.reserveCapacity(corpus.shape.events)
        self.authors.reserveCapacity(corpus.shape.events)
        for event in corpus {
            self.ids.append(event.id)
            self.authors.append(event.trace.author)
            if let quoted = event.trace.quoted { self.quoted.append(quoted) }
            if let author = event.trace.mentioned { self.mentioned.append(author) }
            if let author = event.trace.recipient { self.mentioned.append(author) }
            if let hashtag = event.trace.hashtag { self.hashtags.append(hashtag) }
        }
        self.writers = Set(self.authors).sorted().map(Int.init)
        guard !self.quoted.isEmpty, !self.mentioned.isEmpty, !self.hashtags.isEmpty else {
            throw BenchFailure("a corpus of \(corpus.shape.events) events is too small to draw filters from")
        }
    }

    /// A filter of the class as JSON.
    mutating func filter(_ filterClass: FilterClass) -> String {
        switch filterClass {
        case .ids: #"{"ids":\#(self.ids(1...20))}"#
        case .author: #"{"authors":["\#(self.author(of: self.authors))"],"kinds":[1],"limit":20}"#
        case .feed: #"{"authors":\#(self.writers(50...300)),"kinds":[1,6],"limit":100}"#
        case .reactions: ##"{"#e":\##(self.quotedIDs(1...30)),"kinds":[1,6,7,9735]}"##
        case .mentions: ##"{"#p":["\##(self.author(of: self.mentioned))"],"kinds":[1,6,7,9735],"limit":50}"##
        case .profiles: #"{"authors":\#(self.writers(20...200)),"kinds":[0]}"#
        case .hashtag: ##"{"#t":["\##(self.hashtag())"],"kinds":[1],"limit":50}"##
        case .global: #"{"kinds":[1],"limit":100}"#
        case .recent: #"{"since":\#(self.lastSecond - Int64(self.random.within(100...3_000))),"limit":200}"#
        case .window: self.window()
        case .search: #"{"search":"\#(self.words())","kinds":[1],"limit":50}"#
        }
    }

    /// A filter that follows distinct authors, those who wrote something.
    mutating func follows(_ count: Int) -> (authors: [Int], filter: String) {
        let chosen = self.random.distinct(count, below: self.writers.count).map { self.writers[$0] }
        return (chosen, #"{"authors":\#(self.list(chosen.map(self.pubkey))),"kinds":[1],"limit":1}"#)
    }

    private var lastSecond: Int64 { self.corpus.shape.base + Int64(self.corpus.shape.events) - 1 }

    private func list(_ values: [String]) -> String { "[\"" + values.joined(separator: "\",\"") + "\"]" }

    private func pubkey(_ author: Int) -> String { self.corpus.keys[author].publicKey.hex }

    private mutating func ids(_ count: ClosedRange<Int>) -> String {
        let chosen = self.random.distinct(self.random.within(count), below: self.ids.count)
        return self.list(chosen.map { self.ids[$0].hex })
    }

    private mutating func quotedIDs(_ count: ClosedRange<Int>) -> String {
        let chosen = self.random.distinct(self.random.within(count), below: self.quoted.count)
        return self.list(Set(chosen.map { self.quoted[$0] }).sorted().map { self.ids[Int($0)].hex })
    }

    private mutating func writers(_ count: ClosedRange<Int>) -> String {
        let chosen = self.random.distinct(self.random.within(count), below: self.writers.count)
        return self.list(chosen.map { self.pubkey(self.writers[$0]) })
    }

    private mutating func author(of authors: [Int32]) -> String {
        self.pubkey(Int(authors[self.random.below(authors.count)]))
    }

    private mutating func hashtag() -> String {
        let word = self.hashtags[self.random.below(self.hashtags.count)]
        return String(decoding: Words.all[Int(word)], as: UTF8.self)
    }

    /// What is searched for, as the inside of a JSON string.
    private mutating func words() -> String {
        let count = self.random.within(1...3)
        let words = (0..<count).map { _ in
            String(decoding: Words.all[self.random.below(Words.hashtagCount)], as: UTF8.self)
        }
        let text = words.joined(separator: " ")
        return count == 3 ? #"\"\#(text)\""# : text
    }

    private mutating func window() -> String {
        let since = self.corpus.shape.base + Int64(self.random.below(self.corpus.shape.events))
        let kind = [1, 7, 6][self.random.below(3)]
        return #"{"kinds":[\#(kind)],"since":\#(since),"until":\#(since + 5_000),"limit":100}"#
    }
}
