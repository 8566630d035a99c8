public import Nostr

extension Configuration {
    /// What the relay says about itself: the fields of NIP-11 that an operator writes.
    public struct Info: Equatable, Sendable {
        /// At most 200 characters.
        public var name = "Martlet relay"
        /// At most 5,000 characters, perhaps on several lines.
        public var description: String?
        /// The operator's key.
        public var pubkey: PublicKey?
        /// How to reach the operator: a `mailto:` or other URI, at most 500 characters.
        public var contact: String?
        /// A small square picture.
        public var icon: AbsoluteURL?
        /// A wide picture.
        public var banner: AbsoluteURL?
        /// A page with the rules for posting.
        public var postingPolicy: AbsoluteURL?
        /// A page with the privacy policy.
        public var privacyPolicy: AbsoluteURL?
        /// A page with the terms of service.
        public var termsOfService: AbsoluteURL?
        /// The countries (ISO 3166-1 alpha-2) whose laws may affect the relay.
        public var relayCountries: [String] = []
        /// The main languages of the relay's users (BCP 47).
        public var languageTags: [String] = []
        /// What the relay's users talk about, or limits of its topic.
        public var tags: [String] = []
    }
}
