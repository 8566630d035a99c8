/// An IPv4 or IPv6 address; an IPv4 address that is mapped into IPv6 (RFC 4291, 2.5.5.2) is the IPv4 address.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// The two kinds of address.
    public enum Family: Sendable {
        /// 32 bits.
        case v4
        /// 128 bits.
        case v6

        /// The length of an address, in bits.
        public var bitCount: Int {
            switch self {
            case .v4: 32
            case .v6: 128
            }
        }
    }

    /// IPv4 or IPv6.
    public let family: Family
    /// The address as a number in the low 32 or all 128 bits.
    let bits: UInt128

    init(v4 bits: UInt32) {
        family = .v4
        self.bits = UInt128(bits)
    }

    init(v6 bits: UInt128) {
        let isMapped = bits >> 32 == 0xffff
        family = isMapped ? .v4 : .v6
        self.bits = isMapped ? bits & 0xffff_ffff : bits
    }

    /// - Parameter bytes: 4 or 16 bytes in network order; any other count gives nil.
    public init?(bytes: some Collection<UInt8>) {
        let bits = bytes.prefix(16).reduce(into: UInt128(0)) { $0 = $0 << 8 | UInt128($1) }
        switch bytes.count {
        case 4: self.init(v4: UInt32(truncatingIfNeeded: bits))
        case 16: self.init(v6: bits)
        default: return nil
        }
    }

    /// Reads `192.0.2.1`, without leading zeros, or any form of RFC 4291, 2.2, without a zone.
    ///
    /// - Throws: `InvalidText` where the text is no address.
    public init(parsing text: some StringProtocol) throws(InvalidText) {
        if text.contains(":") {
            self.init(v6: try Self.v6Bits(Substring(text)))
        } else {
            self.init(v4: try Self.v4Bits(Substring(text)))
        }
    }

    /// Whether the address is this machine's own: 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        family == .v4 ? bits >> 24 == 127 : bits == 1
    }

    /// Dotted decimal, or the form of RFC 5952.
    public var description: String {
        switch family {
        case .v4: Self.v4Text(bits)
        case .v6: Self.v6Text(bits)
        }
    }
}
