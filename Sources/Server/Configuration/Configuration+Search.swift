extension Configuration {
    /// What is searched for by its words (NIP-50).
    public struct Search: Equatable, Sendable {
        /// Whether there is a search.
        public var isEnabled = true
        /// The kinds whose words are indexed; private ones never are.
        public var kinds = KindSet([
            0...1, 11...11, 20...22, 40...42, 1_111...1_111, 9_802...9_802, 30_023...30_024, 30_818...30_818,
        ])
    }
}
