import NIOCore

/// The four bytes that a client's payload is XORed with (RFC 6455 §5.3), turned to where the payload has got to.
struct MaskingKey: Equatable, Sendable {
    /// The key with the byte for the next payload byte in its lowest eight bits.
    private var word: UInt32

    /// Takes the key's four bytes as a little-endian integer.
    init(littleEndian word: UInt32) {
        self.word = word
    }

    /// Moves `byteCount` readable bytes of `input` to the end of `plain`, unmasked; `input`'s storage is left alone.
    mutating func unmask(_ byteCount: Int, of input: inout ByteBuffer, to plain: inout [UInt8]) {
        guard byteCount > 0 else { return }
        input.readWithUnsafeReadableBytes { readable in
            let masked = UnsafeRawBufferPointer(rebasing: readable[..<byteCount])
            plain.append(addingCapacity: byteCount) { output in
                output.withUnsafeMutableBufferPointer { free, initializedCount in
                    self.apply(to: masked, into: UnsafeMutableRawBufferPointer(free))
                    initializedCount = byteCount
                }
            }
            return byteCount
        }
        self.turn(by: byteCount)
    }

    private func apply(to masked: UnsafeRawBufferPointer, into plain: UnsafeMutableRawBufferPointer) {
        let wide = (UInt64(self.word) | UInt64(self.word) << 32).littleEndian
        var offset = 0
        while offset &+ 8 <= masked.count {
            let block = masked.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            plain.storeBytes(of: block ^ wide, toByteOffset: offset, as: UInt64.self)
            offset &+= 8
        }
        while offset < masked.count {
            plain[offset] = masked[offset] ^ UInt8(truncatingIfNeeded: self.word >> UInt32((offset & 3) * 8))
            offset &+= 1
        }
    }

    private mutating func turn(by byteCount: Int) {
        let bits = UInt32(byteCount & 3) * 8
        self.word = self.word >> bits | self.word << ((32 - bits) & 31)
    }
}
