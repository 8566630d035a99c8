extension ConfigurationKey {
    /// The section `negentropy`.
    static let negentropy: [ConfigurationKey] = [
        .init(
            "negentropy.enabled",
            \.negentropy.isEnabled,
            .flag,
            .live,
            "Whether clients may compare their events with the relay's (NIP-77)."
        ),
        .init(
            "negentropy.max_records",
            \.negentropy.maxRecords,
            .count(1...100_000_000),
            .live,
            "How many events one comparison may be about."
        ),
        .init(
            "negentropy.max_sessions",
            \.negentropy.maxSessions,
            .count(1...1_000),
            .live,
            "How many comparisons a client may have open at once."
        ),
        .init(
            "negentropy.idle_timeout",
            \.negentropy.idleTimeout,
            .duration(.seconds(1)...(.hours(1))),
            .live,
            "How long a client may take to go on with a comparison."
        ),
    ]
}
