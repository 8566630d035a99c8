/// Values for tests.
enum ConfigurationSamples {
    /// For each key a value in YAML that is not its default.
    static let otherThanDefault: [(path: String, yaml: String)] = [
        ("listen", "[127.0.0.1:1, '[::1]:7777', 'unix:a b']"), ("url", "wss://relay.example.com/a"),
        ("database", "sqlite:a b@c.db"), ("node", "node-2.example"),
        ("trusted_proxies", "[10.0.0.0/8, '2001:db8::/32']"),
        ("info.name", "'true'"), ("info.description", "\"two\\nlines: 'quoted' # \\\"and\\\" so on\""),
        ("info.pubkey", String(repeating: "a1", count: 32)), ("info.contact", "'@operator'"),
        ("info.icon", "https://example.com/a?b=c,d"), ("info.banner", "http://example.com"),
        ("info.posting_policy", "https://example.com/posting"), ("info.privacy_policy", "https://example.com/privacy"),
        ("info.terms_of_service", "https://example.com/terms"), ("info.relay_countries", "[CH, 'NO']"),
        ("info.language_tags", "[en, '*']"), ("info.tags", "['a, b', none, 'null', \"é\"]"),
        ("connections.max_message", "2MB"), ("connections.max", "1"), ("connections.max_unsent", "1GiB"),
        ("connections.ping_interval", "1500ms"), ("connections.compression", "false"),
        ("connections.idle_timeout", "none"), ("events.max_size", "65537B"), ("events.max_tags", "1"),
        ("events.max_tag_length", "1KiB"), ("events.max_content", "1"), ("events.max_age", "365d"),
        ("events.max_future", "0s"), ("events.kinds.allow", "[1, 30000-39999]"), ("events.kinds.deny", "all"),
        ("events.min_pow", "20"), ("subscriptions.max", "1"), ("subscriptions.max_filters", "1"),
        ("subscriptions.max_limit", "600"), ("subscriptions.default_limit", "1"), ("subscriptions.max_id_length", "32"),
        ("subscriptions.max_values", "1"), ("subscriptions.query_time", "1s"),
        ("access.read", "members"), ("access.write", "authenticated"), ("access.require_auth", "false"),
        ("access.members", String(repeating: "a1", count: 32)), ("access.open_kinds", "[10002, 10050]"),
        ("access.private_kinds", "none"), ("rate_limits.enabled", "false"),
        ("rate_limits.connection.messages", "none"), ("rate_limits.connection.events", "1/h"),
        ("rate_limits.address.connections", "5/d burst 7"), ("rate_limits.address.open_connections", "none"),
        ("storage.readers", "1"), ("storage.page_cache", "1MiB"), ("storage.memory_map", "1GiB"),
        ("storage.result_cache", "none"),
        ("metrics.allow", "none"),
        ("metrics.listen", "'[::1]:9090'"), ("log.level", "critical"), ("log.format", "text"),
        ("log.slow_query", "1s"),
    ]
}
