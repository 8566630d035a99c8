/// The end of what a client has sent compressed, to which its next messages may refer back (RFC 7692 §7.1.1.2): memory
/// grows with what was sent, up to `maxBytes`.
struct InflateContext: Sendable {
    /// How much is kept; 0 where each message stands for itself.
    let maxBytes: Int
    private(set) var bytes: [UInt8] = []

    init(maxBytes: Int) { self.maxBytes = maxBytes }

    /// Takes a message in, inflated, and forgets what is further back than can be referred to.
    mutating func append(_ message: [UInt8]) {
        guard self.maxBytes > 0, !message.isEmpty else { return }
        guard message.count < self.maxBytes else {
            self.bytes = Array(message.suffix(self.maxBytes))
            return
        }
        let excess = self.bytes.count + message.count - self.maxBytes
        if excess > 0 { self.bytes.removeFirst(excess) }
        let needed = self.bytes.count + message.count
        if needed > self.bytes.capacity { self.bytes.reserveCapacity(min(needed * 2, self.maxBytes)) }
        self.bytes += message
    }

    /// Forgets everything.
    mutating func clear() { self.bytes = [] }
}
