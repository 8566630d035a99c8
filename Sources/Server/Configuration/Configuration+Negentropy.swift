extension Configuration {
    /// Reconciliations of sets of events (NIP-77).
    public struct Negentropy: Equatable, Sendable {
        public var isEnabled = true
        /// The most events that one may be about.
        public var maxRecords = 1_000_000
        /// The most that one connection may have open.
        public var maxSessions = 10
        /// How long a client may take to go on with one.
        public var idleTimeout = Duration.seconds(120)
    }
}
