import Backends
import Nostr
import Testing

/// Events for tests.
enum Make {
    static let alice = KeyPair.random()
    static let bob = KeyPair.random()

    static func event(
        by keys: KeyPair = Make.alice,
        kind: Kind = 1,
        tags: [[String]] = [],
        content: String = "",
        createdAt: Int64 = 1_700_000_000
    ) throws -> Event {
        try #require(Event.signed(by: keys, kind: kind, tags: tags, content: content, createdAt: createdAt))
    }

    /// The event with another signature, which is nobody's.
    static func forged(_ event: Event) throws -> Event {
        var json = event.json
        let last = json.count - 3
        json[last] = json[last] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
        return try Event(parsing: json.span)
    }
}

extension CommitPosition {
    /// A position in a database that has one writer at a time.
    init(_ row: Int64) { self.init(row: row, transaction: row) }
}
