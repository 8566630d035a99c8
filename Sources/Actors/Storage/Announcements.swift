import Nostr

/// Ephemeral events that wait to be handed to the other nodes: those that came last, as many as there is room for.
struct Announcements {
    private(set) var events: [Event] = []
    private var bytes = 0
    private static let most = (events: 2_000, bytes: 8 << 20)

    var isEmpty: Bool { self.events.isEmpty }

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

    mutating func removeAll() { self = Announcements() }
}
