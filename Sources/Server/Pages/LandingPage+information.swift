extension LandingPage {
    /// Creates the page that says what the relay information document says, so that the two never differ (NIP-11).
    package init(_ information: RelayInformation, relayURL: String?, operatorNpub: String?, health: RelayHealth? = nil)
    {
        self.init()
        self.name = information.name
        self.description = information.description
        self.contact = information.contact
        self.operatorNpub = operatorNpub
        self.relayURL = relayURL
        self.limits = information.limitation.map(Self.facts) ?? []
        self.supportedNIPs = (information.supportedNIPs ?? []).map { SupportedNIP($0) }
        self.postingPolicy = information.postingPolicy
        self.termsOfService = information.termsOfService
        self.privacyPolicy = information.privacyPolicy
        self.paymentsURL = information.paymentsURL
        self.softwareURL = information.software
        self.softwareVersion = information.version
        self.health = health
    }

    /// The limits in words, who may enter first; what does not restrain anyone is left out.
    private static func facts(of limitation: RelayInformation.Limitation) -> [Fact] {
        let access = [
            limitation.authRequired == true ? Fact("Authentication", "required, NIP-42") : nil,
            limitation.paymentRequired == true ? Fact("Payment", "required") : nil,
            limitation.restrictedWrites == true ? Fact("Writing", "restricted") : nil,
        ]
        let numbers = [
            limitation.maxMessageLength.map { Fact("Largest message", Quantity.bytes($0)) },
            limitation.maxContentLength.map { Fact("Longest content", Quantity.count($0, "character")) },
            limitation.maxEventTags.map { Fact("Tags on an event", Quantity.count($0)) },
            limitation.createdAtLowerLimit.map { Fact("Oldest event", "\(Quantity.seconds($0)) ago") },
            limitation.createdAtUpperLimit.map { Fact("Clock ahead by", Quantity.seconds($0)) },
            limitation.minPowDifficulty.flatMap { bits in
                bits > 0 ? Fact("Proof of work", Quantity.count(bits, "bit")) : nil
            },
            limitation.maxSubscriptions.map { Fact("Open subscriptions", Quantity.count($0)) },
            limitation.maxFilters.map { Fact("Filters in a subscription", Quantity.count($0)) },
            limitation.maxLimit.map { Fact("Events for a filter", Quantity.count($0)) },
            limitation.defaultLimit.map { Fact("Events without a limit", Quantity.count($0)) },
            limitation.maxSubidLength.map { Fact("Subscription id", Quantity.count($0, "character")) },
        ]
        return (access + numbers).compactMap(\.self)
    }
}
