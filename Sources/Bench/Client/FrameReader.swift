/// Cuts what a server sends into messages (RFC 6455 §5): a pure value, one for each connection.
struct FrameReader {
    /// What has arrived of a frame whose end is missing.
    private var pending: [UInt8] = []
    /// What has arrived of a message whose last frame is missing.
    private var fragments: [UInt8]?
    private static let maximumFrameBytes = 64 << 20

    /// A whole thing that the server sent.
    enum Incoming {
        case message
        case ping
        /// The code is nil where the frame has none.
        case close(code: UInt16?)
    }

    /// Takes further bytes and calls `body` with everything that they complete, in order.
    mutating func receive(
        _ bytes: Span<UInt8>,
        _ body: (Incoming, Span<UInt8>) throws(BenchFailure) -> Void
    ) throws(BenchFailure) {
        guard !self.pending.isEmpty else {
            let used = try self.read(bytes, body)
            if used < bytes.count { self.pending.append(bytes.extracting(used...)) }
            return
        }
        self.pending.append(bytes)
        let whole = self.pending
        self.pending = []
        let used = try self.read(whole.span, body)
        if used < whole.count { self.pending = used == 0 ? whole : Array(whole[used...]) }
    }

    /// Reads as many whole frames as there are; returns how many bytes they have.
    private mutating func read(
        _ bytes: Span<UInt8>,
        _ body: (Incoming, Span<UInt8>) throws(BenchFailure) -> Void
    ) throws(BenchFailure) -> Int {
        var start = 0
        while let head = try Head(bytes, at: start) {
            guard head.end <= bytes.count else { break }
            let payload = bytes.extracting(head.payloadStart..<head.end)
            start = head.end
            switch head.opcode {
            case 0x0, 0x1, 0x2: try self.join(payload, head, body)
            case 0x8:
                try body(.close(code: payload.count < 2 ? nil : UInt16(payload[0]) << 8 | UInt16(payload[1])), payload)
            case 0x9: try body(.ping, payload)
            default: break
            }
        }
        return start
    }

    private mutating func join(
        _ payload: Span<UInt8>,
        _ head: Head,
        _ body: (Incoming, Span<UInt8>) throws(BenchFailure) -> Void
    ) throws(BenchFailure) {
        guard (head.opcode == 0) == (self.fragments != nil) else {
            throw BenchFailure("the relay sends the frames of a message out of order")
        }
        if self.fragments == nil, head.isFinal { return try body(.message, payload) }
        self.fragments = self.fragments ?? []
        self.fragments?.append(payload)
        guard (self.fragments?.count ?? 0) <= Self.maximumFrameBytes else {
            throw BenchFailure("the relay sends a message of more than 64 MiB")
        }
        guard head.isFinal, let whole = self.fragments else { return }
        self.fragments = nil
        try body(.message, whole.span)
    }

    /// The head of a frame, and where its payload lies.
    private struct Head {
        let opcode: UInt8
        let isFinal: Bool
        let payloadStart: Int
        let end: Int

        /// Nil while the head is not whole.
        init?(_ bytes: Span<UInt8>, at start: Int) throws(BenchFailure) {
            guard bytes.count - start >= 2 else { return nil }
            self.opcode = bytes[start] & 0x0F
            self.isFinal = bytes[start] & 0x80 != 0
            guard bytes[start] & 0x70 == 0 else { throw BenchFailure("the relay compresses what nobody asked it to") }
            guard bytes[start + 1] & 0x80 == 0 else { throw BenchFailure("the relay masks its frames") }
            let short = Int(bytes[start + 1] & 0x7F)
            let lengthBytes = short == 126 ? 2 : short == 127 ? 8 : 0
            guard bytes.count - start >= 2 + lengthBytes else { return nil }
            var length: UInt64 = lengthBytes == 0 ? UInt64(short) : 0
            for offset in 0..<lengthBytes { length = length << 8 | UInt64(bytes[start + 2 + offset]) }
            guard length <= UInt64(FrameReader.maximumFrameBytes) else {
                throw BenchFailure("the relay announces a frame of \(length) bytes")
            }
            self.payloadStart = start + 2 + lengthBytes
            self.end = self.payloadStart + Int(length)
        }
    }
}
