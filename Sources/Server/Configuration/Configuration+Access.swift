public import Actors
public import Nostr

extension Configuration {
    /// Who may read and write what.
    public struct Access: Equatable, Sendable {
        /// Who may read.
        public var read = AccessRules.Circle.everyone
        /// Who may publish.
        public var write = AccessRules.Circle.everyone
        /// Whether a member who publishes has to authenticate.
        public var requiresAuthentication = true
        /// Members beside those that the database has.
        public var members: [PublicKey] = []
        /// The kinds that anyone may publish.
        public var openKinds = KindSet([])
        /// Whether the relay publishes who its members are and takes requests to join and to leave (NIP-43).
        public var publishesMembers = false
        /// The file of the relay's own secret key; nil for where it is kept without one.
        public var relayKeyFile: String?
        /// The kinds that are served to their author and recipients only, after NIP-42.
        public var privateKinds = KindSet([4...4, 1059...1059, 21059...21059])
    }
}
