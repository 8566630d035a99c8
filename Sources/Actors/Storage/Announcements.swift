import Nostr

/// Ephemeral events that wait to be handed to the other nodes: those that came last, as many as there is room for.
struct Announcements {
    private var events: [Event] = []
    private var bytes = 0
    /// Whether somebody takes what comes.
    var isBeingSent = false
    private static let most = (events: 2_000, bytes: 8 << 20)
    private static let batch = 500

    /// - Returns: how many had to make room.
    mutating func append(_ events: [Event]) -> Int {
        self.events += events
        self.bytes += events.reduce(0) { $0 + $1.json.count }
        var dropped = 0
        while self.events.count - dropped > Self.most.events || self.bytes > Self.most.bytes {
            self.bytes -= self.events[dropped].json.count
            dropped += 1
        }
        self.events.removeFirst(dropped)
        return dropped
    }

    /// The next events to be sent; where there are none, nobody sends any more.
    mutating func takeBatch() -> [Event] {
        let batch = Array(self.events.prefix(Self.batch))
        self.events.removeFirst(batch.count)
        self.bytes -= batch.reduce(0) { $0 + $1.json.count }
        self.isBeingSent = !batch.isEmpty
        return batch
    }

    /// Takes back what could not be sent.
    ///
    /// - Returns: how many had to make room.
    mutating func putBack(_ batch: [Event]) -> Int {
        let newer = self.events
        self.events = []
        self.bytes = 0
        return self.append(batch + newer)
    }
}
