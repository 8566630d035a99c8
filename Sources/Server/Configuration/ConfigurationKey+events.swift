extension ConfigurationKey {
    /// The section `events`.
    static let events: [ConfigurationKey] = [
        .init(
            "events.max_size",
            \.events.maxSize,
            .size(1 << 10...64 << 20),
            .live,
            "The size of an event, as JSON."
        ),
        .init("events.max_tags", \.events.maxTags, .count(1...100_000), .live, "How many tags an event may have."),
        .init(
            "events.max_tag_length",
            \.events.maxTagLength,
            .size(64...64 << 20),
            .live,
            "The size of one value of a tag."
        ),
        .init(
            "events.max_content",
            \.events.maxContent,
            .count(1...100_000_000),
            .live,
            "The length of the content, in characters."
        ),
        .init(
            "events.max_age",
            \.events.maxAge,
            .optional(.duration(.seconds(1)...(.days(36525)))),
            .live,
            "How old an event may be when it is published, such as 365d."
        ),
        .init(
            "events.max_future",
            \.events.maxFuture,
            .duration(.zero...(.days(36525))),
            .live,
            "How far in the future the time of an event may lie."
        ),
        .init("events.kinds.allow", \.events.allowedKinds, .kinds, .live, "The kinds that are accepted."),
        .init(
            "events.kinds.deny",
            \.events.deniedKinds,
            .kinds,
            .live,
            "The kinds that are refused, even if they are allowed."
        ),
        .init(
            "events.min_pow",
            \.events.minPow,
            .count(0...256),
            .live,
            "The least proof of work, in leading zero bits of the id (NIP-13)."
        ),
    ]
}
