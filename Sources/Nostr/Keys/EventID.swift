/// The SHA-256 of an event's canonical serialisation (NIP-01).
public struct EventID: Identifier {
    public let bytes: Bytes32

    public init(_ bytes: Bytes32) { self.bytes = bytes }

    /// Difficulty in leading zero bits (NIP-13).
    public var leadingZeroBits: Int {
        var bits = 0
        for word in [self.bytes.a, self.bytes.b, self.bytes.c, self.bytes.d] {
            bits += word.leadingZeroBitCount
            if word != 0 { break }
        }
        return bits
    }
}
