/// The fields of a filter by the names that they have in JSON (NIP-01).
enum FilterKey {
    case ids, authors, kinds, since, until, limit, search
    /// `#` and a letter, ASCII.
    case tag(UInt8)

    /// Nil for a name that is none of them.
    init?(_ token: StringToken, in text: Span<UInt8>) {
        guard let key = token.withBytes(in: text, Self.named) else { return nil }
        self = key
    }

    private static func named(_ name: Span<UInt8>) -> FilterKey? {
        if name.count == 2, name[0] == UInt8(ascii: "#"), TagIndex.isLetter(name[1]) { return .tag(name[1]) }
        if name.equals("ids") { return .ids }
        if name.equals("authors") { return .authors }
        if name.equals("kinds") { return .kinds }
        if name.equals("since") { return .since }
        if name.equals("until") { return .until }
        if name.equals("limit") { return .limit }
        return name.equals("search") ? .search : nil
    }
}
