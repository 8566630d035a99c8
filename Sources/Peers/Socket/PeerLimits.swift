/// How long another relay is waited for, and how much it may say at once.
public struct PeerLimits: Sendable, Hashable {
    /// Seconds for the name, the connection, TLS and the WebSocket's handshake together.
    public var openingSeconds: Int64 = 20
    /// Seconds without anything that brings an exchange forward.
    public var silenceSeconds: Int64 = 60
    /// Bytes of one message.
    public var messageBytes = 4 << 20
    /// Frames of one message.
    public var messageFrames = 4_096
    /// Messages that do not bring an exchange forward, from one that does to the next.
    public var strayMessages = 10_000

    public init() {}
}
