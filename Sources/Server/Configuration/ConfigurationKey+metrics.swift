extension ConfigurationKey {
    /// The section `metrics`.
    static let metrics: [ConfigurationKey] = [
        .init(
            "metrics.allow",
            \.metrics.allow,
            .networks,
            .live,
            "The addresses and networks that may read the metrics."
        ),
        .init(
            "metrics.listen",
            \.metrics.listen,
            .optional(.tcpAddress),
            .restart,
            "A separate HOST:PORT for the metrics."
        ),
    ]
}
