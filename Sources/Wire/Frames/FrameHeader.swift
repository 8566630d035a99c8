/// The head of a client's frame (RFC 6455 §5.2), checked as far as a frame can be judged by itself.
struct FrameHeader: Equatable, Sendable {
    /// The longest header: two bytes, a 64-bit length, a masking key.
    static let maxBytes = 14
    /// The most that a control frame carries (RFC 6455 §5.5).
    static let maxControlPayloadBytes = 125

    let opcode: Opcode
    /// Whether this frame ends its message.
    let isFinal: Bool
    /// RSV1: the message is compressed (RFC 7692 §6).
    let isCompressed: Bool
    let payloadBytes: Int
    let key: MaskingKey
    /// How long the header itself is, 6 to 14.
    let headerBytes: Int

    /// Reads a header from the front of `bytes`, or nothing when more bytes are needed.
    ///
    /// Every violation is found as soon as the bytes that show it are there, in an order that does not depend on how
    /// the stream was cut.
    init?(parsing bytes: RawSpan) throws(ProtocolViolation) {
        guard bytes.byteCount >= 2 else { return nil }
        let first = bytes.byte(at: 0)
        let second = bytes.byte(at: 1)
        guard first & 0x30 == 0 else { throw .reservedBits }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .reservedOpcode }
        guard second & 0x80 != 0 else { throw .unmasked }
        self.opcode = opcode
        self.isFinal = first & 0x80 != 0
        self.isCompressed = first & 0x40 != 0
        let shortLength = Int(second & 0x7F)
        if opcode.isControl {
            guard self.isFinal else { throw .fragmentedControl }
            guard shortLength <= Self.maxControlPayloadBytes else { throw .longControl }
        }
        switch shortLength {
        case 126:
            guard bytes.byteCount >= 4 else { return nil }
            self.payloadBytes = Int(UInt16(bigEndian: bytes.integer(at: 2)))
            guard self.payloadBytes > 125 else { throw .paddedLength }
            self.headerBytes = 8
        case 127:
            guard bytes.byteCount >= 10 else { return nil }
            guard let length = Int(exactly: UInt64(bigEndian: bytes.integer(at: 2))) else { throw .negativeLength }
            guard length > 0xFFFF else { throw .paddedLength }
            self.payloadBytes = length
            self.headerBytes = 14
        default:
            self.payloadBytes = shortLength
            self.headerBytes = 6
        }
        guard bytes.byteCount >= self.headerBytes else { return nil }
        self.key = MaskingKey(littleEndian: UInt32(littleEndian: bytes.integer(at: self.headerBytes - 4)))
    }
}

extension RawSpan {
    fileprivate func byte(at offset: Int) -> UInt8 {
        self.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    fileprivate func integer<Integer: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Integer {
        self.unsafeLoadUnaligned(fromByteOffset: offset, as: Integer.self)
    }
}
