/// A range of addresses in CIDR notation: `10.0.0.0/8`, `2001:db8::/32`, or one address.
public struct Network: Hashable, Sendable, CustomStringConvertible {
    /// The first address.
    public let base: IPAddress
    /// How many leading bits an address shares with `base`: 0 to 32 or 0 to 128.
    public let prefixLength: Int

    /// 127.0.0.0/8.
    public static let loopbackV4 = Network(base: IPAddress(v4: 127 << 24), prefixLength: 8)
    /// ::1.
    public static let loopbackV6 = Network(base: IPAddress(v6: 1), prefixLength: 128)

    private init(base: IPAddress, prefixLength: Int) {
        self.base = base
        self.prefixLength = prefixLength
    }

    /// Reads `ADDRESS` or `ADDRESS/BITS`; IPv4 mapped into IPv6 is IPv4.
    ///
    /// - Throws: `InvalidText` where the address or its prefix is not valid, or bits beyond the prefix are set.
    public init(parsing text: some StringProtocol) throws(InvalidText) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let address = Substring(parts[0])
        let isV6 = address.contains(":")
        let bits = isV6 ? try IPAddress.v6Bits(address) : UInt128(try IPAddress.v4Bits(address))
        let width = isV6 ? 128 : 32
        let prefix = parts.count == 1 ? width : try Self.prefixLength(Substring(parts[1]), upTo: width)

        let first = (bits >> (width - prefix)) << (width - prefix)
        let base = isV6 ? IPAddress(v6: first) : IPAddress(v4: UInt32(truncatingIfNeeded: first))
        // A mapped network keeps the mark of its 96 leading bits: a shorter prefix would have cut it off.
        let length = prefix - (width - base.family.bitCount)
        self.init(base: base, prefixLength: length)
        guard first == bits else { throw InvalidText("bits beyond the prefix are set; the network is \(self)") }
    }

    /// Whether the address is in the range.
    public func contains(_ address: IPAddress) -> Bool {
        address.family == base.family && (address.bits ^ base.bits) >> (base.family.bitCount - prefixLength) == 0
    }

    /// Whether the address of 4 or 16 bytes, in network order, is in the range; any other count is not.
    public func contains(bytes: some Collection<UInt8>) -> Bool {
        guard let address = IPAddress(bytes: bytes) else { return false }
        return contains(address)
    }

    /// CIDR notation; one address stands without a prefix.
    public var description: String {
        prefixLength == base.family.bitCount ? "\(base)" : "\(base)/\(prefixLength)"
    }

    private static func prefixLength(_ text: Substring, upTo width: Int) throws(InvalidText) -> Int {
        var rest = text
        guard let length = try? rest.takeWholeNumber(), rest.isEmpty, length <= width else {
            throw InvalidText("the prefix is a whole number from 0 to \(width)")
        }
        return length
    }
}
