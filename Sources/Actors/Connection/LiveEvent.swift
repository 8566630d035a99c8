import Backends
import Nostr
import Synchronization
import Wire

/// An event on its way to the subscribers of one loop; they share it.
final class LiveEvent: Sendable {
    let event: Event
    /// Nil for an ephemeral event.
    let position: CommitPosition?
    /// The event as compressed messages end with it; the inner nil says that it is not worth it.
    private let deflated = Mutex<DeflatedText??>(nil)

    init(_ event: Event, position: CommitPosition?) {
        self.event = event
        self.position = position
    }

    /// The event and what follows it in its message, compressed when the first client asks.
    func deflated(before suffix: [UInt8], by deflater: Deflater) -> DeflatedText? {
        self.deflated.withLock { deflated in
            if let deflated { return deflated }
            let json = self.event.json
            let text = deflater.deflated(json.span, suffix.span)
            deflated = .some(text)
            return text
        }
    }
}

/// Live events that a connection's next round writes.
struct LiveDeliveries {
    private(set) var all: [(event: LiveEvent, subscription: Subscription)] = []
    private(set) var bytes = 0
    var isEmpty: Bool { self.all.isEmpty }

    mutating func append(_ event: LiveEvent, to subscription: Subscription) {
        self.all.append((event, subscription))
        self.bytes += event.event.json.count
    }

    /// Takes stored events out that have vanished.
    mutating func remove(_ vanished: Vanishing) {
        self.all.removeAll { $0.event.position != nil && vanished.hides($0.event.event) }
        self.bytes = self.all.reduce(0) { $0 + $1.event.event.json.count }
    }

    /// Those that are there; afterwards there are none.
    mutating func take() -> [(event: LiveEvent, subscription: Subscription)] {
        defer { self = LiveDeliveries() }
        return self.all
    }
}
