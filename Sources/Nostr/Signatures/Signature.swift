/// A BIP-340 Schnorr signature, 64 bytes, written as 128 lower-case hexadecimal digits.
public struct Signature: Hashable, Sendable {
    let r, s: Bytes32

    /// Reads 128 lower-case hexadecimal digits, or returns nil.
    public init?(hex: Span<UInt8>) {
        guard hex.count == 128,
            let r = Bytes32(hex: hex.extracting(0..<64)), let s = Bytes32(hex: hex.extracting(64..<128))
        else { return nil }
        (self.r, self.s) = (r, s)
    }

    /// Takes exactly 64 bytes, or returns nil.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 64, let r = Bytes32(bytes[0..<32]), let s = Bytes32(bytes[32..<64]) else { return nil }
        (self.r, self.s) = (r, s)
    }

    /// Calls `body` with the 64 bytes.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeBytes(of: (self.r.bigEndianWords, self.s.bigEndianWords), body)
    }

    /// The 64 bytes.
    public var array: [UInt8] { self.r.array + self.s.array }
}
