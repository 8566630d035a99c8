public import NIOCore

/// Decodes what a client sends over a WebSocket (RFC 6455 §5, RFC 7692): a pure value, one for each connection.
///
/// It consumes all the input that it is given and never writes into the input's storage. Memory grows with the bytes
/// received, not with the lengths claimed.
public struct FrameDecoder: Sendable {
    /// The largest message, in bytes, as sent and as inflated.
    public var maxMessageBytes: Int

    /// The message that `next` returned last; valid until the next call of `next` or `trim`.
    ///
    /// Read it through `span` to parse without a copy. A copy that is kept costs the decoder a new buffer.
    public private(set) var message: [UInt8] = []

    /// The payload, at most 125 bytes, of the control frame that `next` returned last; valid as long as `message`.
    public private(set) var control: [UInt8] = []

    private let isCompressionNegotiated: Bool
    private var ending: Ending?
    private var partialHeader = PartialHeader()
    private var frame: OpenFrame?
    private var assembly: Assembly?
    private var context: InflateContext

    /// Makes a decoder for a fresh connection; `maxMessageBytes` is 1 to 2^31 - 1.
    public init(maxMessageBytes: Int, compression: PermessageDeflate? = nil) {
        precondition((1...Int(Int32.max)).contains(maxMessageBytes), "A message has 1 to 2^31 - 1 bytes at most.")
        self.maxMessageBytes = maxMessageBytes
        self.isCompressionNegotiated = compression != nil
        self.context = InflateContext(maxBytes: compression?.clientContextBytes ?? 0)
    }

    /// Whether something began to arrive whose end is missing: a header, a frame or a fragmented message.
    public var isMidMessage: Bool {
        self.assembly != nil || self.frame != nil || !self.partialHeader.isEmpty
    }

    /// Takes the next complete thing out of `input`; nil when all of it is consumed and more bytes are needed.
    ///
    /// Bytes after a Close frame are discarded. A compressed message needs `inflater`, which connections may share.
    ///
    /// - Throws: `ProtocolViolation` with 1002, 1007 or 1009, or 1011 where an inflater or its memory is lacking; the
    ///   same one ever after.
    public mutating func next(
        from input: inout ByteBuffer,
        inflater: Inflater? = nil
    ) throws(ProtocolViolation) -> Incoming? {
        if let ending = self.ending {
            input.moveReaderIndex(to: input.writerIndex)
            guard case .violated(let violation) = ending else { return nil }
            throw violation
        }
        do {
            return try self.decode(&input, inflater)
        } catch {
            input.moveReaderIndex(to: input.writerIndex)
            self.end(.violated(error))
            throw error
        }
    }

    /// Frees the buffers that hold nothing unfinished, so that an idle connection costs only this value and, where its
    /// client may refer back to what it has sent compressed, the end of that.
    public mutating func trim() {
        if self.assembly == nil {
            self.message = []
        }
        if self.frame?.opcode.isControl != true {
            self.control = []
        }
    }
}

extension FrameDecoder {
    /// Why nothing more is decoded. Neither case has an exit.
    private enum Ending {
        case closed
        case violated(ProtocolViolation)
    }

    /// The frame whose payload is arriving.
    private struct OpenFrame {
        let opcode: Opcode
        let isFinal: Bool
        var missingBytes: Int
        var key: MaskingKey
    }

    /// The message that the data frames add to.
    private struct Assembly {
        let isText: Bool
        let isCompressed: Bool
        var progress = TextProgress()
    }

    private mutating func decode(
        _ input: inout ByteBuffer,
        _ inflater: Inflater?
    ) throws(ProtocolViolation) -> Incoming? {
        while true {
            if self.frame == nil {
                guard let header = try self.partialHeader.complete(from: &input) else { return nil }
                self.frame = try self.open(header)
            }
            guard let frame = self.receivePayload(from: &input) else {
                try self.checkText()
                return nil
            }
            if let incoming = try self.finish(frame, inflater) {
                return incoming
            }
        }
    }

    /// Judges a header by what came before it, before anything is spent on its payload.
    private mutating func open(_ header: FrameHeader) throws(ProtocolViolation) -> OpenFrame {
        if header.isCompressed {
            let startsMessage = header.opcode == .text || header.opcode == .binary
            guard self.isCompressionNegotiated, startsMessage else { throw .misplacedCompression }
        }
        switch header.opcode {
        case .text, .binary:
            guard self.assembly == nil else { throw .interruptedMessage }
            self.assembly = Assembly(isText: header.opcode == .text, isCompressed: header.isCompressed)
            self.message.removeAll(keepingCapacity: true)
        case .continuation:
            guard self.assembly != nil else { throw .uncalledContinuation }
        case .close, .ping, .pong:
            self.control.removeAll(keepingCapacity: true)
        }
        if !header.opcode.isControl, header.payloadBytes > self.maxMessageBytes - self.message.count {
            throw .tooBig(maxMessageBytes: self.maxMessageBytes)
        }
        return OpenFrame(
            opcode: header.opcode,
            isFinal: header.isFinal,
            missingBytes: header.payloadBytes,
            key: header.key
        )
    }

    /// Takes what `input` has of the open frame's payload; returns the frame when that completes it.
    private mutating func receivePayload(from input: inout ByteBuffer) -> OpenFrame? {
        guard var frame = self.frame else { return nil }
        let byteCount = min(frame.missingBytes, input.readableBytes)
        if frame.opcode.isControl {
            frame.key.unmask(byteCount, of: &input, to: &self.control)
        } else {
            frame.key.unmask(byteCount, of: &input, to: &self.message)
        }
        frame.missingBytes -= byteCount
        self.frame = frame.missingBytes > 0 ? frame : nil
        return frame.missingBytes > 0 ? nil : frame
    }

    private mutating func finish(
        _ frame: OpenFrame,
        _ inflater: Inflater?
    ) throws(ProtocolViolation) -> Incoming? {
        switch frame.opcode {
        case .ping: return .ping
        case .pong: return .pong
        case .close: return try self.finishClose()
        case .continuation, .text, .binary:
            guard frame.isFinal, let assembly = self.assembly else {
                try self.checkText()
                return nil
            }
            self.assembly = nil
            if assembly.isCompressed { try self.inflate(inflater) }
            guard assembly.isText else { return .binary }
            guard assembly.progress.isText(self.message) else { throw .textNotUTF8 }
            return .text
        }
    }

    /// Refuses a text that is still arriving as soon as it cannot become UTF-8; a compressed one shows at its end.
    private mutating func checkText() throws(ProtocolViolation) {
        guard let assembly = self.assembly, assembly.isText, !assembly.isCompressed else { return }
        guard self.assembly?.progress.mayBecomeText(self.message) == true else { throw .textNotUTF8 }
    }

    private mutating func inflate(_ inflater: Inflater?) throws(ProtocolViolation) {
        guard let inflater else { throw .compressionUnavailable }
        self.message = try inflater.inflate(self.message, after: self.context.bytes, maxBytes: self.maxMessageBytes)
        self.context.append(self.message)
    }

    /// Reads a Close frame's code and reason (RFC 6455 §5.5.1).
    private mutating func finishClose() throws(ProtocolViolation) -> Incoming {
        guard !self.control.isEmpty else {
            self.end(.closed)
            return .close(nil, reason: "")
        }
        guard self.control.count >= 2 else { throw .closeOfOneByte }
        guard let code = CloseCode(rawValue: UInt16(self.control[0]) << 8 | UInt16(self.control[1])) else {
            throw .illegalCloseCode
        }
        guard let reason = String(validating: self.control[2...], as: UTF8.self) else { throw .closeReasonNotUTF8 }
        self.end(.closed)
        return .close(code, reason: reason)
    }

    /// Forgets what was unfinished: it will never be completed.
    private mutating func end(_ ending: Ending) {
        self.ending = ending
        self.partialHeader = PartialHeader()
        self.frame = nil
        self.assembly = nil
        self.message = []
        self.context.clear()
    }
}
