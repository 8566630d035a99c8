import Actors
import Nostr
import Synchronization

/// What a reload can change, as one value that is replaced as a whole.
final class LiveSettings: Sendable {
    struct Values: Sendable {
        var policy: Policy
        var compression: CompressionTerms?
        var trustedProxies: [Network]
        var metricsAllow: [Network]
        /// Whether `/metrics` has a port of its own.
        var hasMetricsPort: Bool
        /// The NIP-11 document.
        var information: [UInt8]
        /// The page for browsers, HTML.
        var landingPage: String

        init(_ configuration: Configuration) {
            self.policy = Policy(configuration)
            self.compression = CompressionTerms(configuration.connections)
            self.trustedProxies = configuration.trustedProxies
            self.metricsAllow = configuration.metrics.allow
            self.hasMetricsPort = configuration.metrics.listen != nil
            let information = RelayInformation(configuration, self.policy.limits)
            self.information = information.json()
            let page = LandingPage(
                information,
                relayURL: configuration.publicURL,
                operatorNpub: configuration.info.pubkey?.npub
            )
            self.landingPage = page.render()
        }
    }

    private let values: Mutex<Values>

    init(_ configuration: Configuration) { self.values = Mutex(Values(configuration)) }

    var current: Values { self.values.withLock { $0 } }

    func apply(_ configuration: Configuration) {
        let values = Values(configuration)
        self.values.withLock { $0 = values }
    }
}
