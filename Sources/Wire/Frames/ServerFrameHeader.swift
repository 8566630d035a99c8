/// The head of a frame that a server sends: without a mask, its length in the shortest form (RFC 6455 §5.2).
struct ServerFrameHeader: Sendable {
    /// The longest head: two bytes and a 64-bit length.
    static let maxBytes = 10

    let opcode: Opcode
    var isFinal = true
    var isCompressed = false
    let payloadBytes: Int

    /// Stores the head at the front of `bytes`, which has room for the longest, and returns its length: 2, 4 or 10.
    func store(to bytes: UnsafeMutableRawBufferPointer) -> Int {
        bytes[0] = (self.isFinal ? 0x80 : 0) | (self.isCompressed ? 0x40 : 0) | self.opcode.rawValue
        switch self.payloadBytes {
        case ...125:
            bytes[1] = UInt8(self.payloadBytes)
            return 2
        case ...0xFFFF:
            bytes[1] = 126
            bytes.storeBytes(of: UInt16(self.payloadBytes).bigEndian, toByteOffset: 2, as: UInt16.self)
            return 4
        default:
            bytes[1] = 127
            bytes.storeBytes(of: UInt64(self.payloadBytes).bigEndian, toByteOffset: 2, as: UInt64.self)
            return 10
        }
    }
}
