/// The tags of an event by their keys, for an event that has many and is tried on many filters.
public struct TagLookup: Sendable {
    private let tags: [TagKey: [IndexedTag]]
    /// Tags up to which walking over them is as quick.
    private static let few = 64

    /// Nil where the event has few tags.
    public init?(_ event: Event) {
        guard event.indexedTags.count > Self.few else { return nil }
        self.init(anyOf: event)
    }

    init(anyOf event: Event) { self.tags = Dictionary(grouping: event.indexedTags, by: \.key) }

    /// The distinct keys.
    public var keys: Dictionary<TagKey, [IndexedTag]>.Keys { self.tags.keys }

    subscript(key: TagKey) -> [IndexedTag] { self.tags[key] ?? [] }
}
