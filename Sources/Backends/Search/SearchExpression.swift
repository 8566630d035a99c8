import Nostr

/// What an event must hold for the search index to name it: of each clause one word. It leaves open what the event
/// itself tells, such as the order of words in a phrase.
struct SearchExpression: Sendable {
    struct Term: Sendable, Hashable {
        let word: String
        /// Whether it stands for all words that begin with it.
        var isPrefix = false
    }

    private(set) var clauses: [[Term]]

    /// Words that are asked of the index; longer searches are told by the events.
    private static let mostWords = 24
    /// Authors, or kinds, up to which the index tells them.
    private static let mostAlternatives = 64

    /// - Parameter authors: the numbers of the authors whose events are wanted; nil for all authors.
    init(_ search: SearchQuery, kinds: [Kind]?, authors: [Int64]?) {
        var terms: Set<Term> = []
        for phrase in search.phrases {
            for (index, word) in phrase.words.enumerated() {
                let isPrefix = phrase.isOpen && index == phrase.words.count - 1
                terms.insert(Term(word: String(decoding: word, as: UTF8.self), isPrefix: isPrefix))
            }
        }
        // Long words are rare, and whole ones.
        let order = terms.sorted { one, other in
            if one.isPrefix != other.isPrefix { return other.isPrefix }
            if one.word.utf8.count != other.word.utf8.count { return one.word.utf8.count > other.word.utf8.count }
            return one.word.unicodeScalars.lexicographicallyPrecedes(other.word.unicodeScalars)
        }
        self.clauses = order.prefix(Self.mostWords).map { [$0] }
        if let authors, authors.count <= Self.mostAlternatives {
            self.clauses.append(authors.map { Term(word: Self.author($0)) })
        }
        if let kinds, kinds.count <= Self.mostAlternatives {
            self.clauses.append(kinds.map { Term(word: Self.kind($0)) })
        }
    }

    /// Has the event hold one word more.
    mutating func require(_ word: String) { self.clauses.append([Term(word: word)]) }

    /// Whether no event can hold it all.
    var isUnsatisfiable: Bool { self.clauses.contains { $0.isEmpty } }

    // MARK: Words that no text holds

    /// What stands for the author of an event.
    static func author(_ number: Int64) -> String { "@a" + String(number, radix: 36) }
    /// What stands for the kind of an event.
    static func kind(_ kind: Kind) -> String { "@k" + String(kind.rawValue, radix: 36) }

    /// All words under which an event is to be found.
    static func words(of event: Event, author: Int64) -> [String] {
        event.searchWords.distinct + [Self.author(author), Self.kind(event.kind)]
    }
}
