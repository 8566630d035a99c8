import NIOConcurrencyHelpers
import Nostr

/// Events whose signatures were found right lately, of the kinds of which only the newest version is stored: one that
/// comes again when it has been replaced is not in the database any more, but needs no second check.
///
/// All threads share it.
public final class VerifiedEvents: Sendable {
    private let table = NIOLockedValueBox(RecentTable<Entry?>(count: 1 << 14, empty: nil))

    private struct Entry: Equatable, Sendable {
        let id: EventID
        let signature: Signature

        init(_ event: Event) {
            self.id = event.id
            self.signature = event.signature
        }
    }

    public init() {}

    /// Takes in those of the events that a newer version may replace.
    func insert(_ events: some Sequence<Event>) {
        let events = events.filter(\.isReplaceable)
        guard !events.isEmpty else { return }
        self.table.withLockedValue { table in
            for event in events { table.insert(Entry(event), hash: event.id.bytes.prefix) }
        }
    }

    /// Whether this very event, signature and all, is remembered.
    func contains(_ event: Event) -> Bool {
        guard event.isReplaceable else { return false }
        return self.table.withLockedValue { $0.contains(Entry(event), hash: event.id.bytes.prefix) }
    }
}

extension Event {
    fileprivate var isReplaceable: Bool {
        switch self.kind.retention {
        case .replaceable, .addressable: true
        case .regular, .ephemeral: false
        }
    }
}
