/// A complete thing that the peer sent; its bytes lie in the decoder that returned it.
public enum Incoming: Equatable, Sendable {
    /// A text message, valid UTF-8 as a whole: `FrameDecoder.message`.
    case text
    /// A binary message: `FrameDecoder.message`.
    case binary
    /// A ping, owed a pong with the same bytes: `FrameDecoder.control`.
    case ping
    /// A pong, asked for or not: `FrameDecoder.control`.
    case pong
    /// The peer's last frame; the code is nil when the frame was empty.
    case close(CloseCode?, reason: String)
}
