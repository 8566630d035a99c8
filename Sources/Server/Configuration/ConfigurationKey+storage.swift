extension ConfigurationKey {
    /// The section `storage`.
    static let storage: [ConfigurationKey] = [
        .init(
            "storage.readers",
            \.storage.readers,
            .count(1...64),
            .restart,
            "How many queries are answered at the same time."
        ),
        .init(
            "storage.page_cache",
            \.storage.pageCache,
            .size(1 << 20...64 << 30),
            .restart,
            "How much memory the database may use for its pages."
        ),
        .init(
            "storage.memory_map",
            \.storage.memoryMap,
            .optional(.size(1 << 20...2 << 30)),
            .restart,
            "How much of the database file is mapped into memory for reading."
        ),
        .init(
            "storage.result_cache",
            \.storage.resultCache,
            .optional(.size(1 << 20...64 << 30)),
            .restart,
            "How much memory the answers to queries that are asked again and again may take."
        ),
    ]
}
