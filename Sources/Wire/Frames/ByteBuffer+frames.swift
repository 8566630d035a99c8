public import NIOCore

/// Frames that a server sends: unmasked (RFC 6455 §5.1), appended to what the buffer already holds.
extension ByteBuffer {
    /// Writes the head of a frame, 2 to 10 bytes (RFC 6455 §5.2); the caller writes `payloadBytes` bytes after it.
    public mutating func writeWebSocketFrameHeader(
        opcode: Opcode,
        fin: Bool = true,
        rsv1: Bool = false,
        payloadBytes: Int
    ) {
        let header = ServerFrameHeader(opcode: opcode, isFinal: fin, isCompressed: rsv1, payloadBytes: payloadBytes)
        self.writeWithUnsafeMutableBytes(minimumWritableBytes: ServerFrameHeader.maxBytes) { free in
            header.store(to: free)
        }
    }

    /// Writes a text message of one frame, spliced from up to three pieces that together are UTF-8.
    public mutating func writeTextFrame(
        _ first: Span<UInt8>,
        _ second: Span<UInt8> = Span(),
        _ third: Span<UInt8> = Span()
    ) {
        let payloadBytes = first.count + second.count + third.count
        self.writeFrame(ServerFrameHeader(opcode: .text, payloadBytes: payloadBytes), first, second, third)
    }

    /// Writes a Ping with at most 125 bytes (RFC 6455 §5.5.2).
    public mutating func writePing(_ payload: Span<UInt8> = Span()) {
        self.writeControlFrame(.ping, payload)
    }

    /// Writes a Pong with at most 125 bytes: those of the Ping that it answers (RFC 6455 §5.5.3).
    public mutating func writePong(_ payload: Span<UInt8> = Span()) {
        self.writeControlFrame(.pong, payload)
    }

    /// Writes a Close (RFC 6455 §5.5.1): without a code it is empty; the reason is cut, between scalars, to 123 bytes.
    public mutating func writeClose(_ code: CloseCode?, reason: String = "") {
        guard let code else {
            self.writeControlFrame(.close, Span())
            return
        }
        let codeBytes = [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)]
        let reasonBytes = Array(reason.prefix(utf8Bytes: FrameHeader.maxControlPayloadBytes - 2).utf8)
        self.writeControlFrame(.close, codeBytes.span, reasonBytes.span)
    }

    private mutating func writeControlFrame(
        _ opcode: Opcode,
        _ first: Span<UInt8>,
        _ second: Span<UInt8> = Span()
    ) {
        let payloadBytes = first.count + second.count
        precondition(payloadBytes <= FrameHeader.maxControlPayloadBytes, "A control frame carries at most 125 bytes.")
        self.writeFrame(ServerFrameHeader(opcode: opcode, payloadBytes: payloadBytes), first, second)
    }

    /// Writes head and payload in one access to the storage, which costs more than copying a few hundred bytes.
    mutating func writeFrame(
        _ header: ServerFrameHeader,
        _ first: Span<UInt8>,
        _ second: Span<UInt8> = Span(),
        _ third: Span<UInt8> = Span()
    ) {
        let neededBytes = ServerFrameHeader.maxBytes + header.payloadBytes
        self.writeWithUnsafeMutableBytes(minimumWritableBytes: neededBytes) { free in
            var end = header.store(to: free)
            end = free.store(first, at: end)
            end = free.store(second, at: end)
            return free.store(third, at: end)
        }
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Copies `bytes` to `offset` and returns the offset after them.
    fileprivate func store(_ bytes: Span<UInt8>, at offset: Int) -> Int {
        bytes.withUnsafeBytes { source in
            UnsafeMutableRawBufferPointer(rebasing: self[offset...]).copyMemory(from: source)
        }
        return offset + bytes.count
    }
}

extension String {
    /// The longest prefix of whole scalars that has at most `maxBytes` bytes of UTF-8.
    fileprivate func prefix(utf8Bytes maxBytes: Int) -> Substring {
        guard self.utf8.count > maxBytes else { return self[...] }
        var end = self.utf8.index(self.startIndex, offsetBy: maxBytes)
        while UTF8.isContinuation(self.utf8[end]) {
            self.utf8.formIndex(before: &end)
        }
        return self[..<end]
    }
}
