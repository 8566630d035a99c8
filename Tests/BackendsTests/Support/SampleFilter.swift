@testable import Nostr

extension Filter {
    /// A filter in one line; tags by letter with values that are not yet canonical.
    static func sample(
        ids: [EventID]? = nil,
        authors: [PublicKey]? = nil,
        kinds: [Kind]? = nil,
        tags: [Character: [String]] = [:],
        since: Int64? = nil,
        until: Int64? = nil,
        limit: Int? = nil
    ) -> Filter {
        var filter = Filter()
        filter.ids = ids
        filter.authors = authors
        filter.kinds = kinds
        filter.tags = tags.sorted { $0.key < $1.key }.map { letter, values in
            TagCondition(letter: letter.asciiValue ?? 0, values: values.map(Self.canonical))
        }
        filter.since = since
        filter.until = until
        filter.limit = limit
        return filter
    }

    /// The canonical form of a tag's value.
    static func canonical(_ value: String) -> [UInt8] {
        var bytes: [UInt8] = []
        CanonicalText.append(value, to: &bytes)
        return bytes
    }
}
