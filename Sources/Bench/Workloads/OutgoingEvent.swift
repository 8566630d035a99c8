import Nostr

/// A signed event as the message that publishes it.
struct OutgoingEvent: Sendable {
    /// The first eight bytes of its id.
    let id: UInt64
    let trace: CorpusEvent.Trace
    /// `["EVENT",…]`.
    let message: [UInt8]
}

extension Corpus {
    /// All events as messages, signed on all cores.
    func outgoing() async throws(BenchFailure) -> [OutgoingEvent] {
        let events = Array(self)
        let messages = try await self.signed(events, prefix: "[\"EVENT\",", suffix: "]")
        return zip(events, messages).map { OutgoingEvent(id: $0.id.bytes.prefix, trace: $0.trace, message: $1) }
    }
}
