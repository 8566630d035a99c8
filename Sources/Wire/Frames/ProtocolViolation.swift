/// Why a connection must be closed: the status code and the reason to put into the Close frame (RFC 6455 §7.1.7).
public struct ProtocolViolation: Error, Equatable {
    /// The status code to close with.
    public let code: CloseCode
    /// One phrase of ASCII, at most 123 bytes.
    public let reason: String

    static var reservedBits: Self { Self(code: .protocolError, reason: "reserved bits are set") }
    static var reservedOpcode: Self { Self(code: .protocolError, reason: "the opcode is reserved") }
    static var unmasked: Self { Self(code: .protocolError, reason: "a client's frame must be masked") }
    static var fragmentedControl: Self { Self(code: .protocolError, reason: "a control frame must not be fragmented") }
    static var longControl: Self { Self(code: .protocolError, reason: "a control frame carries at most 125 bytes") }
    static var paddedLength: Self { Self(code: .protocolError, reason: "the length is not in its shortest form") }
    static var negativeLength: Self { Self(code: .protocolError, reason: "the length's top bit is set") }
    static var misplacedCompression: Self {
        Self(code: .protocolError, reason: "RSV1 is only for the first frame of a compressed message")
    }
    static var uncalledContinuation: Self { Self(code: .protocolError, reason: "there is no message to continue") }
    static var interruptedMessage: Self {
        Self(code: .protocolError, reason: "a new message began before the last fragment")
    }
    static var closeOfOneByte: Self { Self(code: .protocolError, reason: "a close frame cannot carry one byte") }
    static var illegalCloseCode: Self { Self(code: .protocolError, reason: "the close code must not be sent") }
    static var closeReasonNotUTF8: Self { Self(code: .invalidPayload, reason: "the close reason is not UTF-8") }
    static var textNotUTF8: Self { Self(code: .invalidPayload, reason: "the text is not UTF-8") }
    static var corruptCompression: Self { Self(code: .invalidPayload, reason: "the compressed data is corrupt") }
    static var truncatedCompression: Self { Self(code: .invalidPayload, reason: "the compressed data is cut short") }
    static var compressionUnavailable: Self { Self(code: .internalError, reason: "cannot inflate at this time") }

    static func tooBig(maxMessageBytes: Int) -> Self {
        Self(code: .messageTooBig, reason: "a message may have at most \(maxMessageBytes) bytes")
    }
}
