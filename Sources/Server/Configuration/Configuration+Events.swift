extension Configuration {
    /// Limits of events that clients publish.
    public struct Events: Equatable, Sendable {
        /// The size of an event as JSON, in bytes.
        public var maxSize = 128 << 10
        /// How many tags an event has.
        public var maxTags = 2000
        /// The size of one value of a tag, in bytes.
        public var maxTagLength = 16 << 10
        /// The length of the content, in characters.
        public var maxContent = 100_000
        /// How far `created_at` may lie in the past; nil is any time.
        public var maxAge: Duration?
        /// How far `created_at` may lie in the future.
        public var maxFuture: Duration = .minutes(15)
        /// The kinds that are accepted.
        public var allowedKinds: KindSet = .all
        /// The kinds that are refused, even where they are allowed.
        public var deniedKinds: KindSet = .none
        /// The least difficulty of an event's id, in leading zero bits (NIP-13).
        public var minPow = 0
    }
}
