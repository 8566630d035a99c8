extension ConfigurationKey {
    /// The section `search`.
    static let search: [ConfigurationKey] = [
        .init(
            "search.enabled",
            \.search.isEnabled,
            .flag,
            .restart,
            "Whether clients may search for words (NIP-50)."
        ),
        .init(
            "search.kinds",
            \.search.kinds,
            .kinds,
            .restart,
            "The kinds whose words are indexed."
        ),
    ]
}
