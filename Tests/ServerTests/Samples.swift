@testable import Server

/// Documents and pages that several suites read.
enum Samples {
    static let npub = "npub180cvv07tjdrrgpa0j7j7tmnyl2yr6yr7l8j4s3evf6u64th6gkwsyjh6w6"

    /// A document in which every field has a value.
    static let information: RelayInformation = {
        var information = RelayInformation()
        information.name = "Hirondelle"
        information.description = "A quiet relay.\n\nNew members are welcome."
        information.banner = "https://example.com/banner.png"
        information.icon = "https://example.com/icon.png"
        information.pubkey = String(repeating: "ab", count: 32)
        information.relayPubkey = String(repeating: "cd", count: 32)
        information.contact = "mailto:relay@example.com"
        information.supportedNIPs = [1, 11, 42]
        information.software = "https://example.com/martlet"
        information.version = "1.0.0"
        information.postingPolicy = "https://example.com/posting"
        information.privacyPolicy = "https://example.com/privacy"
        information.termsOfService = "https://example.com/terms"
        information.relayCountries = ["CH"]
        information.languageTags = ["fr", "rm"]
        information.tags = ["sfw-only"]
        information.limitation = limitation
        information.paymentsURL = "https://example.com/pay"
        information.fees = fees
        return information
    }()

    /// The landing page of the full document.
    static let landingPage = LandingPage(
        information,
        relayURL: "wss://relay.example.com",
        operatorNpub: npub,
        health: RelayHealth(isReady: true, facts: [Fact("Events stored", "1,204,331")])
    )

    private static let limitation: RelayInformation.Limitation = {
        var limitation = RelayInformation.Limitation()
        limitation.maxMessageLength = 1 << 20
        limitation.maxSubscriptions = 100
        limitation.maxFilters = 20
        limitation.maxLimit = 1000
        limitation.defaultLimit = 500
        limitation.maxSubidLength = 64
        limitation.maxEventTags = 2000
        limitation.maxContentLength = 100_000
        limitation.minPowDifficulty = 20
        limitation.authRequired = false
        limitation.paymentRequired = true
        limitation.restrictedWrites = true
        limitation.createdAtLowerLimit = 31_536_000
        limitation.createdAtUpperLimit = 900
        return limitation
    }()

    private static let fees: RelayInformation.Fees = {
        var fees = RelayInformation.Fees()
        fees.admission = [RelayInformation.Fee(amount: 1_000_000)]
        fees.subscription = [RelayInformation.Fee(amount: 5_000_000, period: 2_592_000)]
        fees.publication = [RelayInformation.Fee(amount: 100, kinds: [4])]
        return fees
    }()
}
