extension Configuration {
    /// Limits of subscriptions.
    public struct Subscriptions: Equatable, Sendable {
        /// The most subscriptions of one connection.
        public var max = 100
        /// The most filters of one REQ or COUNT.
        public var maxFilters = 20
        /// The most stored events that one filter is answered with.
        public var maxLimit = 1000
        /// The limit of a filter that names none.
        public var defaultLimit = 500
        /// The longest subscription id, in characters.
        public var maxIDLength = 64
        /// The most values in all lists of one REQ or COUNT together.
        public var maxValues = 10000
        /// The database's time that the answer to one REQ may take.
        public var queryTime = Duration.seconds(10)
        /// The database's time that one COUNT may take before the rest of it is estimated.
        public var countTime = Duration.seconds(2)
    }
}
