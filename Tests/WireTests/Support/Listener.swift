import NIOCore

@testable import Wire

/// Feeds a decoder pieces of a stream and notes what it says.
struct Listener {
    private(set) var decoder: FrameDecoder
    private let inflater = Inflater()

    init(maxMessageBytes: Int = 1 << 20, isCompressed: Bool = false, contextBytes: Int = 0) throws {
        let offer = ["permessage-deflate; client_max_window_bits"]
        let compression =
            isCompressed ? try PermessageDeflate.negotiate(offer, clientContextBytes: contextBytes) : nil
        self.decoder = FrameDecoder(maxMessageBytes: maxMessageBytes, compression: compression)
    }

    /// What the decoder says to one piece, up to and including a violation.
    mutating func hear(_ bytes: some Collection<UInt8>) -> [Heard] {
        var input = ByteBuffer(bytes: bytes)
        var heard: [Heard] = []
        do throws(ProtocolViolation) {
            while let incoming = try self.decoder.next(from: &input, inflater: self.inflater) {
                heard.append(Heard(incoming, self.decoder))
            }
        } catch {
            heard.append(.violation(error))
        }
        return heard
    }

    /// What the decoder says to the stream cut into pieces, up to and including a violation; trims after each piece.
    mutating func hear(_ bytes: [UInt8], inPiecesOf pieceBytes: () -> Int) -> [Heard] {
        var heard: [Heard] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(pieceBytes())
            heard += self.hear(piece)
            rest = rest.dropFirst(piece.count)
            if case .violation = heard.last { break }
            self.decoder.trim()
        }
        return heard
    }

    mutating func trim() {
        self.decoder.trim()
    }
}

/// What a fresh decoder says to a whole stream.
func heard(
    _ bytes: [UInt8],
    maxMessageBytes: Int = 1 << 20,
    isCompressed: Bool = false
) throws -> [Heard] {
    var listener = try Listener(maxMessageBytes: maxMessageBytes, isCompressed: isCompressed)
    return listener.hear(bytes)
}

/// What a fresh decoder says to a stream of frames.
func heard(
    _ frames: ClientFrame...,
    maxMessageBytes: Int = 1 << 20,
    isCompressed: Bool = false
) throws -> [Heard] {
    try heard(frames.bytes, maxMessageBytes: maxMessageBytes, isCompressed: isCompressed)
}
