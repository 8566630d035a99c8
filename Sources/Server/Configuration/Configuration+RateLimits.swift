extension Configuration {
    /// How often clients may do things; nil switches one limit off.
    public struct RateLimits: Equatable, Sendable {
        /// Whether any limit is in force.
        public var isEnabled = true
        /// Messages on one connection.
        public var connectionMessages: Rate? = Rate(count: 50, per: .second, burst: 500)
        /// Events that one connection publishes.
        public var connectionEvents: Rate? = Rate(count: 20, per: .second, burst: 300)
        /// Connections that one address opens.
        public var addressConnections: Rate? = Rate(count: 60, per: .minute, burst: 60)
        /// Connections that one address has open at once.
        public var addressOpenConnections: Int? = 100
    }
}
