extension ConfigurationKey {
    /// Every key of this version, section by section, in the order of the default configuration file.
    static let all: [ConfigurationKey] =
        relay + info + connections + events + subscriptions + search + negentropy + access + rateLimits + storage
        + metrics + log

    /// The keys by their paths.
    static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })

    /// The paths of the sections that hold keys: `events`, `events.kinds`.
    static let sections: Set<String> = all.reduce(into: []) { sections, key in
        var path = Substring(key.path)
        while let dot = path.lastIndex(of: ".") {
            path = path[..<dot]
            sections.insert(String(path))
        }
    }
}
