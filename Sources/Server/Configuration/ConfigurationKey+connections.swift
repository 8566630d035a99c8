extension ConfigurationKey {
    /// The section `connections`.
    static let connections: [ConfigurationKey] = [
        .init(
            "connections.max_message",
            \.connections.maxMessage,
            .size(1 << 10...256 << 20),
            .live,
            "The longest message that a client may send."
        ),
        .init(
            "connections.max",
            \.connections.max,
            .count(1...1_000_000),
            .live,
            "How many connections may be open at once."
        ),
        .init(
            "connections.max_unsent",
            \.connections.maxUnsent,
            .size(1 << 10...1 << 30),
            .live,
            "How much may wait for a client that does not read, before it is disconnected."
        ),
        .init(
            "connections.ping_interval",
            \.connections.pingInterval,
            .duration(.seconds(1)...(.hours(1))),
            .live,
            "How often a client is asked whether it is still there."
        ),
        .init(
            "connections.compression",
            \.connections.compression,
            .flag,
            .live,
            "Whether messages are compressed for clients that can read it (permessage-deflate)."
        ),
        .init(
            "connections.compression_context",
            \.connections.compressionContext,
            .optional(.size(512...32 << 10)),
            .live,
            "How much of what a client has sent compressed is kept for its next messages to refer back to."
        ),
        .init(
            "connections.idle_timeout",
            \.connections.idleTimeout,
            .optional(.duration(.seconds(1)...(.days(30)))),
            .live,
            "How long a client without any subscription may stay silent."
        ),
    ]
}
