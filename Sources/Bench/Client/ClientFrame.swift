/// Frames that a client sends (RFC 6455 §5.2), always whole and always masked.
enum ClientFrame {
    enum Opcode: UInt8 {
        case text = 0x1
        case close = 0x8
        case pong = 0xA
    }

    /// Appends a frame of `payload`, masked with `key`.
    static func append(_ opcode: Opcode, _ payload: Span<UInt8>, key: UInt32, to output: inout [UInt8]) {
        output.append(0x80 | opcode.rawValue)
        switch payload.count {
        case ...125: output.append(0x80 | UInt8(payload.count))
        case ...0xFFFF:
            output.append(0x80 | 126)
            Swift.withUnsafeBytes(of: UInt16(payload.count).bigEndian) { output.append(contentsOf: $0) }
        default:
            output.append(0x80 | 127)
            Swift.withUnsafeBytes(of: UInt64(payload.count).bigEndian) { output.append(contentsOf: $0) }
        }
        Swift.withUnsafeBytes(of: key.littleEndian) { output.append(contentsOf: $0) }
        let start = output.count
        payload.withUnsafeBufferPointer { output.append(contentsOf: $0) }
        output.withUnsafeMutableBytes { Self.mask(UnsafeMutableRawBufferPointer(rebasing: $0[start...]), with: key) }
    }

    private static func mask(_ bytes: UnsafeMutableRawBufferPointer, with key: UInt32) {
        let wide = (UInt64(key) | UInt64(key) << 32).littleEndian
        var offset = 0
        while offset &+ 8 <= bytes.count {
            let block = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            bytes.storeBytes(of: block ^ wide, toByteOffset: offset, as: UInt64.self)
            offset &+= 8
        }
        while offset < bytes.count {
            bytes[offset] ^= UInt8(truncatingIfNeeded: key >> UInt32((offset & 3) * 8))
            offset &+= 1
        }
    }
}
