import Backends
import Nostr

/// What is about to be published of the members, as a record that all nodes share: whoever changes it says what becomes
/// of the list, and whoever finds it publishes it, as often as it takes; the same events count once.
///
/// Its value is an object: `events`, texts of events, none when all are published; and `cut`, whether the list holds
/// some of the members only.
struct MembershipPlan: Sendable, Equatable {
    static let section = "membership"
    static let key = "list"

    var events: [Event] = []
    var isCut = false

    init(events: [Event] = [], isCut: Bool = false) {
        self.events = events
        self.isCut = isCut
    }

    /// Of a record that cannot be read nothing is left to publish.
    init(_ record: Record?) {
        let value = record?.value.flatMap { try? JSONValue(parsing: $0.span) }
        self.events = (value?["events"]?.array ?? []).compactMap { text in
            try? Event(parsing: Array((text.string ?? "").utf8).span)
        }
        self.isCut = value?["cut"] == .bool(true)
    }

    private var json: [UInt8] {
        let events = self.events.map { JSONValue.string(String(decoding: $0.json, as: UTF8.self)) }
        return JSONValue.object(["events": .array(events), "cut": .bool(self.isCut)]).json
    }

    /// What puts it on record in place of the one that was read.
    func change(after record: Record?) -> RecordChange {
        self.change(if: record.map { .revision($0.revision) } ?? .absent)
    }

    /// What says that its events are published.
    func ended(revision: Int64) -> RecordChange {
        MembershipPlan(isCut: self.isCut).change(if: .revision(revision))
    }

    private func change(if condition: RecordChange.Condition) -> RecordChange {
        RecordChange(.put(self.json), section: Self.section, key: Self.key, if: condition)
    }
}
