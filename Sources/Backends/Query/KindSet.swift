import Nostr

/// The kinds of a filter; most of those that are not in it are told by one bit.
struct KindSet: Sendable {
    let values: Set<Kind>
    private let bits: UInt64

    init(_ kinds: [Kind]) {
        self.values = Set(kinds)
        self.bits = kinds.reduce(0) { $0 | Self.bit($1) }
    }

    func contains(_ kind: Kind) -> Bool { self.bits & Self.bit(kind) != 0 && self.values.contains(kind) }

    private static func bit(_ kind: Kind) -> UInt64 { 1 << UInt64(kind.rawValue & 63) }
}
