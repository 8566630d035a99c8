extension ConfigurationKey {
    /// The section `subscriptions`.
    static let subscriptions: [ConfigurationKey] = [
        .init(
            "subscriptions.max",
            \.subscriptions.max,
            .count(1...10000),
            .live,
            "How many subscriptions a client may have at once."
        ),
        .init(
            "subscriptions.max_filters",
            \.subscriptions.maxFilters,
            .count(1...1000),
            .live,
            "How many filters one subscription may have."
        ),
        .init(
            "subscriptions.max_limit",
            \.subscriptions.maxLimit,
            .count(1...100_000),
            .live,
            "How many stored events one filter returns at most."
        ),
        .init(
            "subscriptions.default_limit",
            \.subscriptions.defaultLimit,
            .count(1...100_000),
            .live,
            "How many stored events a filter without a limit returns."
        ),
        .init(
            "subscriptions.max_id_length",
            \.subscriptions.maxIDLength,
            .count(1...256),
            .live,
            "The length of a subscription's id, in characters."
        ),
        .init(
            "subscriptions.max_values",
            \.subscriptions.maxValues,
            .count(1...1_000_000),
            .live,
            "How many ids, authors, kinds and tag values one subscription may list."
        ),
        .init(
            "subscriptions.query_time",
            \.subscriptions.queryTime,
            .duration(.milliseconds(100)...(.hours(1))),
            .live,
            "How much of the database's time the stored events of one subscription may take."
        ),
        .init(
            "subscriptions.count_time",
            \.subscriptions.countTime,
            .duration(.milliseconds(10)...(.hours(1))),
            .live,
            "How much of the database's time one COUNT may take (NIP-45)."
        ),
    ]
}
