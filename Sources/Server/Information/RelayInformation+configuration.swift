import Actors
import Nostr

extension RelayInformation {
    /// The document that a configuration asks for; its limits are those that are enforced (NIP-11).
    init(_ configuration: Configuration, _ limits: Limits) {
        self.init()
        let info = configuration.info
        self.name = info.name
        self.description = info.description
        self.banner = info.banner?.description
        self.icon = info.icon?.description
        self.pubkey = info.pubkey?.hex
        self.contact = info.contact
        self.supportedNIPs = Product.supportedNIPs(configuration)
        self.software = Product.url
        self.version = Product.version
        self.postingPolicy = info.postingPolicy?.description
        self.privacyPolicy = info.privacyPolicy?.description
        self.termsOfService = info.termsOfService?.description
        self.relayCountries = info.relayCountries.isEmpty ? nil : info.relayCountries
        self.languageTags = info.languageTags.isEmpty ? nil : info.languageTags
        self.tags = info.tags.isEmpty ? nil : info.tags
        self.limitation = Limitation(limits, configuration.access)
    }
}

extension RelayInformation.Limitation {
    init(_ limits: Limits, _ access: Configuration.Access) {
        self.init()
        self.maxMessageLength = limits.connections.messageBytes
        self.maxSubscriptions = limits.subscriptions.open
        self.maxFilters = limits.subscriptions.filters
        self.maxLimit = limits.subscriptions.limit
        self.defaultLimit = limits.subscriptions.defaultLimit
        self.maxSubidLength = limits.subscriptions.idCharacters
        self.maxEventTags = limits.events.tags
        self.maxContentLength = limits.events.contentCharacters
        self.minPowDifficulty = limits.events.proofOfWorkBits
        self.createdAtLowerLimit = limits.events.ageSeconds.map { Int($0) }
        self.createdAtUpperLimit = Int(limits.events.futureSeconds)
        self.authRequired = access.read != .everyone && access.write != .everyone
        self.paymentRequired = false
        // Conditions that a writer is expected to know of before; that some kinds are denied is none.
        self.restrictedWrites =
            limits.events.proofOfWorkBits > 0 || limits.events.allowedKinds != [0 ... .max] || access.write != .everyone
    }
}

extension Configuration {
    /// The URL that clients connect to: the configured one, or that of a loopback address; nil where neither is.
    var publicURL: String? {
        if let url { return url.description }
        for case .tcp(let host, let port) in self.listen
        where ListenAddress.tcp(host: host, port: port).isLoopback && port != 0 {
            return "ws://" + ListenAddress.tcp(host: host, port: port).description
        }
        return nil
    }
}
