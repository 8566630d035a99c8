extension Configuration {
    /// Limits of connections.
    public struct Connections: Equatable, Sendable {
        /// The longest WebSocket message from a client, in bytes.
        public var maxMessage = 1 << 20
        /// The most connections open at once.
        public var max = 10000
        /// The most bytes that wait for a client that does not read, before its connection is closed.
        public var maxUnsent = 4 << 20
        /// The time between two pings.
        public var pingInterval: Duration = .seconds(30)
        /// Whether permessage-deflate (RFC 7692) is offered.
        public var compression = true
        /// How much of what a client has sent compressed is kept for it to refer back to, in bytes; nil is nothing.
        public var compressionContext: Int?
        /// How long a connection without subscription and without message stays open; nil is for ever.
        public var idleTimeout: Duration? = .minutes(10)
    }
}
