/// What a client message may hold; more is refused while it is read.
public struct MessageBounds: Sendable, Equatable {
    /// Filters in one REQ or COUNT.
    public var filters: Int
    /// Values in all lists of one REQ or COUNT.
    public var values: Int
    /// Unicode scalars in a subscription id.
    public var subscriptionIDCharacters: Int

    public init(filters: Int = 20, values: Int = 10_000, subscriptionIDCharacters: Int = 64) {
        self.filters = filters
        self.values = values
        self.subscriptionIDCharacters = subscriptionIDCharacters
    }
}
