/// What the relay agrees to where a client offers permessage-deflate (RFC 7692).
package struct CompressionTerms: Equatable, Sendable {
    /// How much of what a client has sent is kept for it to refer back to, in bytes; 0 for nothing.
    package var clientContextBytes = 0

    package init(clientContextBytes: Int = 0) { self.clientContextBytes = clientContextBytes }

    /// Nil where compression is switched off.
    init?(_ connections: Configuration.Connections) {
        guard connections.compression else { return nil }
        self.clientContextBytes = connections.compressionContext ?? 0
    }
}
