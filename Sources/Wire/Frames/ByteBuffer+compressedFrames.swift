public import NIOCore

/// Compressed frames that a server sends (RFC 7692 §7.2.1).
extension ByteBuffer {
    /// Writes a text message like the plain `writeTextFrame`, compressed where that makes it smaller.
    public mutating func writeTextFrame(
        _ first: Span<UInt8>,
        _ second: Span<UInt8> = Span(),
        _ third: Span<UInt8> = Span(),
        compression: PermessageDeflate,
        deflater: Deflater
    ) {
        var run = DeflateRun()
        self.writeTextFrame(first, second, third, compression: compression, deflater: deflater, run: &run)
    }

    /// Writes a text message of a run: compressed, with those before it for its context if that was agreed on, where
    /// that makes it smaller.
    public mutating func writeTextFrame(
        _ first: Span<UInt8>,
        _ second: Span<UInt8> = Span(),
        _ third: Span<UInt8> = Span(),
        compression: PermessageDeflate,
        deflater: Deflater,
        run: inout DeflateRun
    ) {
        let windowBits = compression.serverWindowBits
        let compressed = deflater.deflate(first, second, third, windowBits: windowBits, run: &run)
        guard compressed.count < first.count + second.count + third.count else {
            // The stream has seen what the client will not inflate.
            run.end()
            return self.writeTextFrame(first, second, third)
        }
        if !compression.serverMayTakeOver { run.end() }
        let header = ServerFrameHeader(opcode: .text, isCompressed: true, payloadBytes: compressed.count)
        self.writeFrame(header, compressed.span)
    }

    /// Writes a text message that begins with `first`, up to 65,535 bytes, and ends with a part that others get too.
    ///
    /// - Returns: false, and nothing is written, where the client's window is too small for the part.
    public mutating func writeTextFrame(
        _ first: Span<UInt8>,
        _ rest: DeflatedText,
        compression: PermessageDeflate
    ) -> Bool {
        guard rest.windowBits <= compression.serverWindowBits, (1...0xFFFF).contains(first.count) else { return false }
        let block = DeflatedText.storedBlock(of: first.count)
        let payloadBytes = DeflatedText.storedBlockBytes + first.count + rest.blocks.count
        let header = ServerFrameHeader(opcode: .text, isCompressed: true, payloadBytes: payloadBytes)
        self.writeFrame(header, block.span, first, rest.blocks.span)
        return true
    }
}
