import Actors
import Nostr
import Synchronization

/// What a reload or an admin can change, as one value that is replaced as a whole.
final class LiveSettings: Sendable {
    struct Values: Sendable {
        var policy: Policy
        var compression: CompressionTerms?
        var trustedProxies: [Network]
        var metricsAllow: [Network]
        /// Whether `/metrics` has a port of its own.
        var hasMetricsPort: Bool
        var admins: Set<PublicKey>
        var administration: Administration
        /// Addresses whose connections are turned away.
        var blockList: BlockList
        /// The NIP-11 document.
        var information: [UInt8]
        /// The page for browsers, HTML.
        var landingPage: String

        init(_ configuration: Configuration, _ state: ManagementState, relayKey: PublicKey? = nil) {
            self.policy = Policy(configuration, state, relayKey: relayKey)
            self.compression = CompressionTerms(configuration.connections)
            self.trustedProxies = configuration.trustedProxies
            self.metricsAllow = configuration.metrics.allow
            self.hasMetricsPort = configuration.metrics.listen != nil
            self.admins = Set(configuration.admins)
            self.administration = Administration(configuration)
            self.blockList = state.blockList
            var information = RelayInformation(configuration, self.policy.limits)
            information.take(state)
            if let relayKey {
                information.relayPubkey = relayKey.hex
                information.supportedNIPs = ((information.supportedNIPs ?? []) + [43]).sorted()
            }
            self.information = information.json()
            let page = LandingPage(
                information,
                relayURL: configuration.publicURL,
                operatorNpub: configuration.info.pubkey?.npub
            )
            self.landingPage = page.render()
        }
    }

    private struct Sources {
        var configuration: Configuration
        var state = ManagementState()
        /// The relay's own key, where it has one and it is known.
        var relayKey: PublicKey?
        var values: Values
    }

    private let sources: Mutex<Sources>

    init(_ configuration: Configuration) {
        let values = Values(configuration, ManagementState())
        self.sources = Mutex(Sources(configuration: configuration, values: values))
    }

    var current: Values { self.sources.withLock { $0.values } }

    /// The configuration in force, without what admins have changed.
    var configuration: Configuration { self.sources.withLock { $0.configuration } }

    func apply(_ configuration: Configuration) {
        self.sources.withLock { sources in
            sources.configuration = configuration
            sources.values = Values(configuration, sources.state, relayKey: sources.relayKey)
        }
    }

    func apply(_ state: ManagementState) {
        self.sources.withLock { sources in
            sources.state = state
            sources.values = Values(sources.configuration, state, relayKey: sources.relayKey)
        }
    }

    /// The relay's own key, where it has one and it is known.
    var relayKey: PublicKey? { self.sources.withLock { $0.relayKey } }

    func apply(relayKey: PublicKey) {
        self.sources.withLock { sources in
            sources.relayKey = relayKey
            sources.values = Values(sources.configuration, sources.state, relayKey: relayKey)
        }
    }
}
