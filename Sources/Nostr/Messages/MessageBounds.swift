/// What a client message may hold; more is refused while it is read.
public struct MessageBounds: Sendable, Equatable {
    /// Filters in one REQ or COUNT.
    public var filters: Int
    /// Values in all lists of one REQ or COUNT.
    public var values: Int
    /// Unicode scalars in a subscription id.
    public var subscriptionIDCharacters: Int
    /// What a search may hold; nil where there is none.
    public var search: SearchBounds?

    public init(
        filters: Int = 20,
        values: Int = 10_000,
        subscriptionIDCharacters: Int = 64,
        search: SearchBounds? = nil
    ) {
        self.filters = filters
        self.values = values
        self.subscriptionIDCharacters = subscriptionIDCharacters
        self.search = search
    }
}
