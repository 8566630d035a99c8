import Backends
import Nostr
import Testing

@testable import Server

/// What is on record of what the relay is about to publish (NIP-43).
struct MembershipPlanTests {
    private static func record(_ change: RecordChange, revision: Int64 = 7) throws -> Record {
        guard case .put(let value) = change.act else { throw Unexpected() }
        return Record(section: change.section, key: change.key, value: value, revision: revision)
    }

    private struct Unexpected: Error {}

    @Test func `a plan is read as it was put down, and taken only by whom it was new to`() throws {
        let key = KeyPair.random()
        let list = try MemberList(from: nil, to: [key.publicKey], by: key, now: 100, capacity: 10)
        let plan = MembershipPlan(events: list.events, isCut: true)
        #expect(plan.change(after: nil).condition == .absent)
        let record = try Self.record(plan.change(after: nil))
        let read = MembershipPlan(record)
        #expect(read == plan && read.events[0].json == list.events[0].json)
        #expect(plan.change(after: record).condition == .revision(7))
        let ended = plan.ended(revision: 7)
        #expect(ended.condition == .revision(7))
        #expect(MembershipPlan(try Self.record(ended)) == MembershipPlan(isCut: true))
    }

    @Test(arguments: ["", "[]", "{}", #"{"events":1}"#, #"{"events":[1,"x","{}"]}"#])
    func `of a record that is none nothing is published`(value: String) {
        #expect(MembershipPlan(Record(section: "", key: "", value: Array(value.utf8), revision: 1)) == MembershipPlan())
        #expect(MembershipPlan(nil) == MembershipPlan())
    }
}
