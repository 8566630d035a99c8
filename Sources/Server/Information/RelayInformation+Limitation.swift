extension RelayInformation {
    /// The limits that the relay enforces, each at exactly the value given here (NIP-11, Server Limitations).
    package struct Limitation: Encodable, Equatable, Sendable {
        /// The longest WebSocket message read from a client, in bytes.
        package var maxMessageLength: Int?
        /// The most subscriptions open at once on one connection.
        package var maxSubscriptions: Int?
        /// The most filters in one subscription (NIP-11 until 2025; some clients still read it).
        package var maxFilters: Int?
        /// The value that a filter's `limit` is cut down to, in events.
        package var maxLimit: Int?
        /// The most stored events returned for a filter without `limit`.
        package var defaultLimit: Int?
        /// The longest subscription id, in characters.
        package var maxSubidLength: Int?
        /// The most tags on one event.
        package var maxEventTags: Int?
        /// The longest `content` of an event, in Unicode characters.
        package var maxContentLength: Int?
        /// The proof of work asked of every event, in leading zero bits (NIP-13).
        package var minPowDifficulty: Int?
        /// Whether a connection must authenticate before it may do anything at all (NIP-42).
        package var authRequired: Bool?
        /// Whether a connection must have paid before it may do anything at all.
        package var paymentRequired: Bool?
        /// Whether events are accepted only under a condition that users are expected to know.
        package var restrictedWrites: Bool?
        /// How far before now an event's `created_at` may lie, in seconds.
        package var createdAtLowerLimit: Int?
        /// How far after now an event's `created_at` may lie, in seconds.
        package var createdAtUpperLimit: Int?

        /// Creates a list without any limit.
        package init() {}

        private enum CodingKeys: String, CodingKey {
            case maxMessageLength = "max_message_length"
            case maxSubscriptions = "max_subscriptions"
            case maxFilters = "max_filters"
            case maxLimit = "max_limit"
            case defaultLimit = "default_limit"
            case maxSubidLength = "max_subid_length"
            case maxEventTags = "max_event_tags"
            case maxContentLength = "max_content_length"
            case minPowDifficulty = "min_pow_difficulty"
            case authRequired = "auth_required"
            case paymentRequired = "payment_required"
            case restrictedWrites = "restricted_writes"
            case createdAtLowerLimit = "created_at_lower_limit"
            case createdAtUpperLimit = "created_at_upper_limit"
        }
    }
}
