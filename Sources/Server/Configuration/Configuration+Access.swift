extension Configuration {
    /// Who may read what.
    public struct Access: Equatable, Sendable {
        /// The kinds that are served to their author and recipients only, after NIP-42.
        public var privateKinds = KindSet([4...4, 1059...1059, 21059...21059])
    }
}
