/// What a filter's `search` asks for (NIP-50): words and phrases, all of which an event must hold.
///
/// - What stands between quotes, and what is written without a space, such as `don't` or `3.14`, is a phrase: its words
///   stand side by side.
/// - `word*` is every word that begins so, from two characters on.
/// - `key:value`, two words with a colon between them, is an extension; none is served, so it is passed over.
/// - Everything else, a minus sign too, only parts words.
public struct SearchQuery: Sendable, Hashable {
    /// Words that stand side by side; one or more.
    public struct Phrase: Sendable, Hashable {
        public let words: [[UInt8]]
        /// Whether the last word stands for all that begin with it.
        public let isOpen: Bool
    }

    /// Distinct; none where nothing is asked for.
    public let phrases: [Phrase]
    /// The kinds that are looked at.
    public let kinds: KindRanges

    /// Nil where the text asks for nothing: it is empty, or holds extensions and punctuation only.
    public init?(_ text: String, kinds: KindRanges) {
        var phrases: [Phrase] = []
        for chunk in SearchChunk.chunks(of: text) {
            guard let phrase = Phrase(chunk), !phrases.contains(phrase) else { continue }
            phrases.append(phrase)
        }
        guard !phrases.isEmpty else { return nil }
        self.phrases = phrases
        self.kinds = kinds
    }

    /// Whether an event of a kind that is looked at holds all phrases.
    public func matches(_ event: Event, _ words: @autoclosure () -> SearchWords) -> Bool {
        guard self.kinds.contains(event.kind) else { return false }
        let words = words()
        return self.phrases.allSatisfy { $0.occurs(in: words) }
    }
}

extension SearchQuery.Phrase {
    /// Characters that a prefix has at least: shorter ones would be nearly every word.
    private static let leastPrefix = 2

    fileprivate init?(_ chunk: SearchChunk) {
        var segmenter = Segmenter()
        let isRun = segmenter.takePhrase(chunk.text)
        let words = (0..<segmenter.words.count).map { Array(segmenter.words.word($0)) }
        guard let last = words.last else { return nil }
        self.words = words
        let length = String(decoding: last, as: UTF8.self).unicodeScalars.count
        self.isOpen = isRun || (chunk.isPrefix && length >= Self.leastPrefix)
    }

    /// How often the phrase stands in a text, up to `most` times.
    func occurrences(in text: SearchWords, atMost most: Int = .max) -> Int {
        guard text.count >= self.words.count else { return 0 }
        var count = 0
        for index in 0...text.count - self.words.count where count < most {
            if text.hold(self.words, isOpen: self.isOpen, at: index) { count += 1 }
        }
        return count
    }

    func occurs(in text: SearchWords) -> Bool { self.occurrences(in: text, atMost: 1) > 0 }
}
