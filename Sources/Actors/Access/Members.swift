public import Nostr

/// Who is a member, and of which account: several keys may belong to one.
public struct Members: Sendable, Equatable {
    public struct Membership: Sendable, Equatable {
        /// The key that stands for the account.
        public var account: PublicKey
        /// The second since 1970 at which it ends; nil for never.
        public var until: Int64?

        public init(account: PublicKey, until: Int64? = nil) {
            self.account = account
            self.until = until
        }
    }

    private var memberships: [PublicKey: Membership]

    public init(_ memberships: [PublicKey: Membership] = [:]) { self.memberships = memberships }

    public var isEmpty: Bool { self.memberships.isEmpty }

    /// Puts a key's membership in, or takes it out.
    public mutating func set(_ membership: Membership?, of key: PublicKey) { self.memberships[key] = membership }

    /// The account that a key belongs to; nil where it is no member's, or is none any more.
    ///
    /// - Parameter now: seconds since 1970.
    public func account(of key: PublicKey, at now: Int64) -> PublicKey? {
        guard let membership = self.memberships[key], now < membership.until ?? .max else { return nil }
        return membership.account
    }

    /// The keys whose membership stands.
    public func keys(at now: Int64) -> [PublicKey] {
        self.memberships.filter { now < $0.value.until ?? .max }.map(\.key)
    }
}
