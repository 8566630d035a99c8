extension ConfigurationKey {
    /// The section `rate_limits`.
    static let rateLimits: [ConfigurationKey] = [
        .init("rate_limits.enabled", \.rateLimits.isEnabled, .flag, .live, "Whether any of these limits is in force."),
        .init(
            "rate_limits.connection.messages",
            \.rateLimits.connectionMessages,
            .optional(.rate),
            .live,
            "How many messages of any sort a connection may send."
        ),
        .init(
            "rate_limits.connection.events",
            \.rateLimits.connectionEvents,
            .optional(.rate),
            .live,
            "How many events a connection may publish."
        ),
        .init(
            "rate_limits.address.connections",
            \.rateLimits.addressConnections,
            .optional(.rate),
            .live,
            "How many connections an address may open."
        ),
        .init(
            "rate_limits.address.open_connections",
            \.rateLimits.addressOpenConnections,
            .optional(.count(1...1_000_000)),
            .live,
            "How many connections an address may have open at once."
        ),
    ]
}
