extension ConfigurationKey {
    /// The section `log`.
    static let log: [ConfigurationKey] = [
        .init(
            "log.level",
            \.log.level,
            .choice,
            .live,
            "The least severe messages that are logged: trace, debug, info, notice, warning, error or critical."
        ),
        .init(
            "log.format",
            \.log.format,
            .choice,
            .restart,
            "How messages are written: text, json, or auto."
        ),
        .init(
            "log.slow_query",
            \.log.slowQuery,
            .duration(.milliseconds(1)...(.hours(1))),
            .live,
            """
            How much of the database's time a subscription takes that is logged, without the ids, authors and tag \
            values that it names.
            """
        ),
    ]
}
