extension ConfigurationKey {
    /// What stands outside every section.
    static let relay: [ConfigurationKey] = [
        .init(
            "listen",
            \.listen,
            .listenAddresses,
            .restart,
            "Where the relay accepts connections: HOST:PORT, [IPV6]:PORT or unix:PATH, or a list of them."
        ),
        .init(
            "url",
            \.url,
            .optional(.relayURL),
            .restart,
            "The public URL of the relay, as clients write it."
        ),
        .init(
            "admins",
            \.admins,
            .publicKeys,
            .live,
            "The public keys that may manage the relay over HTTP (NIP-86)."
        ),
        .init(
            "database",
            \.database,
            .database,
            .restart,
            secrecy: .urlPassword,
            "Where the events are kept: sqlite:PATH, or postgres://USER:PASSWORD@HOST/NAME."
        ),
        .init(
            "node",
            \.node,
            .optional(ValueForm<String>.text(upTo: 63)),
            .restart,
            "What this node is called in logs and metrics."
        ),
        .init(
            "trusted_proxies",
            \.trustedProxies,
            .networks,
            .live,
            "The addresses and networks of the proxies in front of the relay."
        ),
    ]
}
