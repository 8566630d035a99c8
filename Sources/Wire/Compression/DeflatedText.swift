/// The last part of a text message, deflated once for many clients; each message begins with its own bytes, not
/// compressed, and refers to nothing before itself.
public struct DeflatedText: Sendable {
    /// The bytes of the part as they are.
    let plainBytes: Int
    /// Blocks of DEFLATE that begin and end at a byte, without the tail of four bytes (RFC 7692 §7.2.1).
    let blocks: [UInt8]

    /// A window that the part surely fits into, as a base-2 logarithm, 9 or more; nothing refers back further.
    var windowBits: Int { max(9, Int.bitWidth - max(0, self.plainBytes - 1).leadingZeroBitCount) }
}

extension Deflater {
    /// Deflates the end of a message, given in two pieces; nil where that saves too little.
    public func deflated(_ first: Span<UInt8>, _ second: Span<UInt8> = Span()) -> DeflatedText? {
        var run = DeflateRun()
        let blocks = self.deflate(first, second, windowBits: 15, run: &run)
        let plainBytes = first.count + second.count
        guard blocks.count + DeflatedText.storedBlockBytes < plainBytes else { return nil }
        return DeflatedText(plainBytes: plainBytes, blocks: blocks)
    }
}

extension DeflatedText {
    /// What stands before the bytes of a stored block that begins at a byte (RFC 1951 §3.2.4).
    static let storedBlockBytes = 5

    /// The head of a stored block of 1 to 65,535 bytes that is not the last one.
    static func storedBlock(of byteCount: Int) -> InlineArray<5, UInt8> {
        let length = UInt16(byteCount)
        return [0, UInt8(length & 0xFF), UInt8(length >> 8), UInt8(~length & 0xFF), UInt8(~length >> 8)]
    }
}
