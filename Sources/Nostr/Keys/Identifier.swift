/// Something that 32 bytes name, and that is written as 64 lower-case hexadecimal digits (NIP-01).
public protocol Identifier: Hashable, Comparable, Sendable, CustomStringConvertible {
    var bytes: Bytes32 { get }
    init(_ bytes: Bytes32)
}

extension Identifier {
    /// Reads 64 lower-case hexadecimal digits, or returns nil.
    public init?(hex: Span<UInt8>) {
        guard let bytes = Bytes32(hex: hex) else { return nil }
        self.init(bytes)
    }

    /// Reads 64 lower-case hexadecimal digits, or returns nil.
    public init?(hex: String) {
        let text = Array(hex.utf8)
        self.init(hex: text.span)
    }

    /// 64 lower-case hexadecimal digits.
    public var hex: String { self.bytes.hex }

    public var description: String { self.hex }

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.bytes < rhs.bytes }
}
