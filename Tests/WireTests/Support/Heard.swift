import Wire

/// Something that a decoder returned, with its bytes.
enum Heard: Equatable {
    case text([UInt8])
    case binary([UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case close(CloseCode?, String)
    case violation(ProtocolViolation)

    static func text(_ string: String) -> Heard { .text(Array(string.utf8)) }
}

extension Heard {
    init(_ incoming: Incoming, _ decoder: FrameDecoder) {
        switch incoming {
        case .text: self = .text(decoder.message)
        case .binary: self = .binary(decoder.message)
        case .ping: self = .ping(decoder.control)
        case .pong: self = .pong(decoder.control)
        case .close(let code, let reason): self = .close(code, reason)
        }
    }
}
