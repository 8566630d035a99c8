extension SearchQuery {
    /// How well a text answers, by Okapi BM25 without the rarity of words, which every text that matches holds alike:
    /// phrases that occur often in short texts are worth most.
    ///
    /// The sum depends on the text and the search alone, so both backends and all nodes order alike.
    ///
    /// - Returns: nil where a phrase is missing.
    public func score(of text: SearchWords) -> Double? {
        let norm = Self.saturation * (1 - Self.lengthShare + Self.lengthShare * Double(text.count) / Self.usualLength)
        var sum = 0.0
        for phrase in self.phrases {
            let count = Double(phrase.occurrences(in: text))
            guard count > 0 else { return nil }
            sum += count * (Self.saturation + 1) / (count + norm)
        }
        return sum
    }

    /// BM25's k1 and b, and the words of a usual note.
    private static let saturation = 1.2
    private static let lengthShare = 0.75
    private static let usualLength = 30.0
}
