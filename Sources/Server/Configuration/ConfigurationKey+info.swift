extension ConfigurationKey {
    /// The section `info`.
    static let info: [ConfigurationKey] = [
        .init("info.name", \.info.name, .text(upTo: 200), .live, "The name of the relay."),
        .init(
            "info.description",
            \.info.description,
            .optionalText(upTo: 5000),
            .live,
            "What the relay is for and whom it serves."
        ),
        .init(
            "info.pubkey",
            \.info.pubkey,
            .optional(.publicKey),
            .live,
            "The public key of the operator, in hexadecimal digits or as npub."
        ),
        .init(
            "info.contact",
            \.info.contact,
            .optionalText(upTo: 500),
            .live,
            "How to reach the operator, such as mailto:operator@example.com."
        ),
        .init("info.icon", \.info.icon, .optional(.webURL), .live, "The URL of a small square picture."),
        .init("info.banner", \.info.banner, .optional(.webURL), .live, "The URL of a wide picture."),
        .init(
            "info.posting_policy",
            \.info.postingPolicy,
            .optional(.webURL),
            .live,
            "The URL of the rules for posting."
        ),
        .init(
            "info.privacy_policy",
            \.info.privacyPolicy,
            .optional(.webURL),
            .live,
            "The URL of the privacy policy."
        ),
        .init(
            "info.terms_of_service",
            \.info.termsOfService,
            .optional(.webURL),
            .live,
            "The URL of the terms of service."
        ),
        .init(
            "info.relay_countries",
            \.info.relayCountries,
            .texts(upTo: 300, upToCharacters: 10),
            .live,
            "The countries whose laws may affect the relay, such as [CH, DE]."
        ),
        .init(
            "info.language_tags",
            \.info.languageTags,
            .texts(upTo: 300, upToCharacters: 40),
            .live,
            "The main languages of the users, such as [en, pt-BR]."
        ),
        .init(
            "info.tags",
            \.info.tags,
            .texts(upTo: 300, upToCharacters: 40),
            .live,
            "Words for the topics of the relay, such as [sfw-only, bitcoin-only]."
        ),
    ]
}
