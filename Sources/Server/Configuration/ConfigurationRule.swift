import Actors

/// What must hold between the values of two keys.
struct ConfigurationRule: Sendable {
    let path: String
    let otherPath: String
    /// What is demanded of the first value, before the name of the other key.
    let demand: String
    let isKept: @Sendable (Configuration) -> Bool

    /// Every rule of this version; the defaults keep them all.
    static let all = [
        ConfigurationRule(
            path: "subscriptions.default_limit",
            otherPath: "subscriptions.max_limit",
            demand: "must not be more than",
            isKept: { $0.subscriptions.defaultLimit <= $0.subscriptions.maxLimit }
        ),
        ConfigurationRule(
            path: "events.max_size",
            otherPath: "connections.max_message",
            demand: "must not be more than",
            isKept: { $0.events.maxSize <= $0.connections.maxMessage }
        ),
        ConfigurationRule(
            path: "events.max_size",
            otherPath: "connections.max_unsent",
            demand: "must not be more than",
            isKept: { $0.events.maxSize <= $0.connections.maxUnsent }
        ),
        ConfigurationRule(
            path: "events.max_tag_length",
            otherPath: "events.max_size",
            demand: "must not be more than",
            isKept: { $0.events.maxTagLength <= $0.events.maxSize }
        ),
        ConfigurationRule(
            path: "access.read",
            otherPath: "url",
            demand: "lets in only those who log in, and nobody can while the relay has no public URL: set",
            isKept: { $0.access.read == .everyone || $0.relayURL != nil }
        ),
        ConfigurationRule(
            path: "access.write",
            otherPath: "url",
            demand: "takes events only from those who log in, and nobody can while the relay has no public URL: set",
            isKept: { configuration in
                let access = configuration.access
                guard access.write != .everyone, configuration.relayURL == nil else { return true }
                return access.write == .members && !access.requiresAuthentication
            }
        ),
        ConfigurationRule(
            path: "access.membership_events",
            otherPath: "url",
            demand: "is for clients that log in, and nobody can while the relay has no public URL: set",
            isKept: { !$0.access.publishesMembers || $0.relayURL != nil }
        ),
        ConfigurationRule(
            path: "metrics.listen",
            otherPath: "listen",
            demand: "must be another address than those of",
            isKept: { configuration in
                guard let address = configuration.metrics.listen else { return true }
                if case .tcp(_, port: 0) = address { return true }
                return !configuration.listen.contains(address)
            }
        ),
    ]

    /// What is wrong, with both values and their origins.
    func sentence(about effective: EffectiveConfiguration) -> String {
        "\(path) \(value(of: path, in: effective)) \(demand) \(otherPath) \(value(of: otherPath, in: effective))."
    }

    /// The origin of the value that somebody set: the first key's, or else the other's.
    func place(in effective: EffectiveConfiguration) -> String {
        let origin = effective.origin(of: path)
        return (origin == .builtIn ? effective.origin(of: otherPath) : origin).description
    }

    private func value(of path: String, in effective: EffectiveConfiguration) -> String {
        guard let key = ConfigurationKey.byPath[path] else { return "" }
        return "(\(key.shown(in: effective.configuration).yaml), \(effective.origin(of: path)))"
    }
}
