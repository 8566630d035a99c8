/// Messages to one client that are deflated one right after the other, so that each may refer back to those before it
/// (RFC 7692 §7.1.1.1).
///
/// The context lives in the loop's `Deflater` and only as long as nobody else uses it: what was written in between, to
/// whichever client, ends it, and the next message begins afresh. So context costs no memory for each connection.
public struct DeflateRun: Sendable {
    /// The deflater's stream as this run's last message left it; nil where the next one begins afresh.
    var lastUse: Int?

    /// A run without a message.
    public init() {}

    /// Whether the next message may refer back to the last one, as far as the run knows.
    public var hasContext: Bool { self.lastUse != nil }

    /// Ends the context, for something else was sent compressed to this client.
    public mutating func end() { self.lastUse = nil }
}
