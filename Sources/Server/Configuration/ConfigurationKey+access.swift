extension ConfigurationKey {
    /// The section `access`.
    static let access: [ConfigurationKey] = [
        .init(
            "access.private_kinds",
            \.access.privateKinds,
            .kinds,
            .live,
            "The kinds that are served only to their author and recipients, who must log in (NIP-42)."
        )
    ]
}
