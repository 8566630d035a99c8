/// An event's kind, 0 to 65535, and the storage rule that follows from its range (NIP-01, "Kinds").
public struct Kind: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }
    public init(_ rawValue: UInt16) { self.rawValue = rawValue }

    public static let metadata = Kind(0)
    public static let deletion = Kind(5)
    /// NIP-18: of a note, and of anything else.
    public static let repost = Kind(6)
    public static let genericRepost = Kind(16)
    /// A request to vanish: to remove everything that a key has written (NIP-62).
    public static let vanish = Kind(62)
    /// Somebody's message to the keys in its `p` tags, signed by a key that is used once (NIP-59).
    public static let giftWrap = Kind(1059)
    /// NIP-42; never stored and never broadcast.
    public static let authentication = Kind(22242)
    /// NIP-56.
    public static let report = Kind(1984)
    /// NIP-43: the relay's list of its members, and who was added and removed.
    public static let memberList = Kind(13_534)
    public static let memberAdded = Kind(8_000)
    public static let memberRemoved = Kind(8_001)
    /// NIP-43: what clients ask for, and get.
    public static let joinRequest = Kind(28_934)
    public static let invitation = Kind(28_935)
    public static let leaveRequest = Kind(28_936)
    /// NIP-98.
    public static let httpAuthorization = Kind(27235)

    /// Whether a deletion request has no effect on events of this kind, which are requests themselves (NIP-09, NIP-62).
    public var standsDeletion: Bool { self == .deletion || self == .vanish }

    /// What a relay keeps of the events of a kind.
    public enum Retention: Sendable {
        case regular
        /// The newest per author and kind.
        case replaceable
        /// The newest per author, kind and `d` tag.
        case addressable
        /// Nothing: broadcast only.
        case ephemeral
    }

    public var retention: Retention {
        switch self.rawValue {
        case 0, 3, 10_000..<20_000: .replaceable
        case 20_000..<30_000: .ephemeral
        case 30_000..<40_000: .addressable
        default: .regular
        }
    }

    public var description: String { String(self.rawValue) }

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

extension Kind: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: UInt16) { self.rawValue = value }
}
