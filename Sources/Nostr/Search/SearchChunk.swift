/// A piece of a search: what is written without a space, or between quotes.
struct SearchChunk: Equatable {
    let text: String
    /// Whether a star ends it.
    let isPrefix: Bool

    private static let quotes: Set<Unicode.Scalar> = ["\"", "“", "”", "„", "«", "»"]

    /// The pieces of a search, without its extensions. A quote that is not closed reaches to the end.
    static func chunks(of text: String) -> [SearchChunk] {
        var chunks: [SearchChunk] = []
        let scalars = Array(text.unicodeScalars)
        var index = 0
        while index < scalars.count {
            if scalars[index].properties.isWhitespace {
                index += 1
            } else if Self.quotes.contains(scalars[index]) {
                let end = scalars[(index + 1)...].firstIndex(where: Self.quotes.contains) ?? scalars.count
                var next = min(end + 1, scalars.count)
                let hasStar = next < scalars.count && scalars[next] == "*"
                if hasStar { next += 1 }
                chunks.append(Self(scalars[(index + 1)..<end], isStarred: hasStar))
                index = next
            } else {
                var end = index
                while end < scalars.count, !scalars[end].properties.isWhitespace, !Self.quotes.contains(scalars[end]) {
                    end += 1
                }
                let piece = scalars[index..<end]
                if Self.isExtension(piece, isQuoted: end < scalars.count && Self.quotes.contains(scalars[end])) {
                    end = Self.endOfValue(scalars, from: end)
                } else {
                    chunks.append(Self(piece, isStarred: false))
                }
                index = end
            }
        }
        return chunks
    }

    private init(_ scalars: ArraySlice<Unicode.Scalar>, isStarred: Bool) {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        self.text = String(text)
        self.isPrefix = isStarred || scalars.last == "*"
    }

    /// Whether a piece is `key:value` (NIP-50): a name that begins with a letter, and a value that no slash begins, so
    /// that addresses of the web are no extensions.
    ///
    /// - Parameter isQuoted: whether a quote follows, which may be the value.
    private static func isExtension(_ piece: ArraySlice<Unicode.Scalar>, isQuoted: Bool) -> Bool {
        guard let colon = piece.firstIndex(of: ":"), colon > piece.startIndex, let first = piece.first else {
            return false
        }
        let value = piece[(colon + 1)...]
        guard first.properties.isAlphabetic, value.isEmpty ? isQuoted : value.first != "/" else { return false }
        return piece[..<colon].allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_" || scalar == "-"
        }
    }

    /// Where the value of an extension ends, behind its quotes where it has any.
    private static func endOfValue(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
        guard start < scalars.count, Self.quotes.contains(scalars[start]) else { return start }
        return scalars[(start + 1)...].firstIndex(where: Self.quotes.contains).map { $0 + 1 } ?? scalars.count
    }
}
