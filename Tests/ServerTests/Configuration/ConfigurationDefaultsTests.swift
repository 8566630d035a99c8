import Nostr
import Testing

@testable import Server

struct ConfigurationDefaultsTests {
    @Test func `the defaults are those of the interface`() {
        let shown = ConfigurationKey.all.map { "\($0.path): \($0.shown(in: Configuration()).yaml)" }
        #expect(
            shown == [
                "listen: 127.0.0.1:7777", "url: none", "admins: none", "database: sqlite:data/martlet.db",
                "node: none", "trusted_proxies: none",
                "info.name: Martlet relay", "info.description: \"\"", "info.pubkey: none", "info.contact: \"\"",
                "info.icon: none", "info.banner: none", "info.posting_policy: none", "info.privacy_policy: none",
                "info.terms_of_service: none", "info.relay_countries: []", "info.language_tags: []", "info.tags: []",
                "connections.max_message: 1MiB", "connections.max: 10000", "connections.max_unsent: 4MiB",
                "connections.ping_interval: 30s", "connections.compression: true",
                "connections.compression_context: none", "connections.idle_timeout: 10m",
                "events.max_size: 128KiB", "events.max_tags: 2000", "events.max_tag_length: 16KiB",
                "events.max_content: 100000", "events.max_age: none", "events.max_future: 15m",
                "events.kinds.allow: all", "events.kinds.deny: none", "events.min_pow: 0",
                "subscriptions.max: 100", "subscriptions.max_filters: 20", "subscriptions.max_limit: 1000",
                "subscriptions.default_limit: 500", "subscriptions.max_id_length: 64",
                "subscriptions.max_values: 10000", "subscriptions.query_time: 10s", "subscriptions.count_time: 2s",
                "search.enabled: true",
                "search.kinds: [0-1, 11, 20-22, 40-42, 1111, 9802, 30023-30024, 30818]",
                "negentropy.enabled: true", "negentropy.max_records: 1000000", "negentropy.max_sessions: 10",
                "negentropy.idle_timeout: 2m",
                "access.read: everyone", "access.write: everyone", "access.require_auth: true",
                "access.members: none", "access.open_kinds: none", "access.membership_events: false",
                "access.relay_key_file: none", "access.private_kinds: [4, 1059, 21059]",
                "rate_limits.enabled: true",
                "rate_limits.connection.messages: 50/s burst 500", "rate_limits.connection.events: 20/s burst 300",
                "rate_limits.address.connections: 60/m", "rate_limits.address.open_connections: 100",
                "storage.readers: 2", "storage.page_cache: 64MiB", "storage.memory_map: 2GiB",
                "storage.result_cache: 16MiB",
                "metrics.allow: [127.0.0.0/8, \"::1\"]",
                "metrics.listen: none", "log.level: info", "log.format: auto",
                "log.slow_query: 500ms",
            ]
        )
    }

    @Test(arguments: [
        "", "\n\n", "# nothing\n", "---\n", "--- \n...\n", "~\n", "null", "\u{feff}", "\u{feff}# nothing", "events:\n",
        "events: ~\n", "events: {}\n", "events:\n  # nothing\n", "events:\n  kinds:\n", "listen:\nurl: ~\ninfo: null\n",
        "events:\r\n  max_age:\r\n", "%YAML 1.1\n---\nevents: {max_age: null}\n",
    ])
    func `a text that sets nothing is the defaults`(yaml: String) throws {
        let effective = try ConfigurationText(yaml: yaml).load()
        #expect(effective.configuration == Configuration())
        #expect(ConfigurationKey.all.allSatisfy { effective.origin(of: $0.path) == .builtIn })
    }
}
