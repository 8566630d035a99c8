import Backends
import Nostr
import Testing

@testable import Server

/// Codes that let people in (NIP-43), as the database has them.
struct InvitationTests {
    private static let member = KeyPair.random().publicKey

    private static func record(_ change: RecordChange) -> Record {
        guard case .put(let value) = change.act else {
            return Record(section: change.section, key: change.key, value: nil, revision: 7)
        }
        return Record(section: change.section, key: change.key, value: value, revision: 7)
    }

    @Test func `an invitation is used up`() throws {
        let invitation = Invitation(uses: 2, until: 100, by: Self.member)
        #expect(Invitation(Self.record(invitation.change())) == invitation)
        let use = invitation.use(readAt: 7)
        #expect(use.condition == .revision(7))
        let once = try #require(Invitation(Self.record(use)))
        #expect(once.uses == 1 && once.until == 100 && once.inviter == Self.member)
        #expect(once.use(readAt: 8).act == .erase)
        #expect(!invitation.hasEnded(by: 99) && invitation.hasEnded(by: 100))
    }

    @Test func `no two codes are the same`() {
        let codes = (0..<100).map { _ in Invitation(until: nil).code }
        #expect(Set(codes).count == 100 && codes.allSatisfy { $0.count == 32 && Invitation.isCode($0) })
    }

    @Test(arguments: ["", "{}", #"{"uses":0}"#, #"{"uses":-1}"#, #"{"uses":1.5}"#, #"{"uses":1,"until":"x"}"#])
    func `what is no invitation lets nobody in`(value: String) {
        #expect(Invitation(Record(section: "", key: "c", value: Array(value.utf8), revision: 1)) == nil)
    }

    @Test(arguments: ["", "\u{0}", "a\u{0}b", String(repeating: "c", count: 129)])
    func `what can be no code is not looked up`(text: String) {
        #expect(!Invitation.isCode(text))
    }

    @Test func `a member's codes are few, and forgotten when they have ended`() {
        var open = OpenInvitations(Self.member)
        for index in 0..<OpenInvitations.most {
            #expect(!open.isFull)
            open.codes.append(OpenInvitations.Code(code: "\(index)", until: Int64(100 + index)))
        }
        #expect(open.isFull)
        let change = open.change(after: nil)
        #expect(change.condition == .absent && change.key == Self.member.hex)
        #expect(OpenInvitations(Self.member, Self.record(change)) == open)
        #expect(open.removeEnded(by: 101).map(\.code) == ["0", "1"])
        #expect(!open.isFull && open.codes.first?.code == "2")
        #expect(open.change(after: Self.record(change)).condition == .revision(7))
    }

    @Test(arguments: ["", "[]", #"{"codes":1}"#, #"{"codes":[{}, 1, {"code":"a"}, {"until":1}]}"#])
    func `of a record that is none no codes are known`(value: String) {
        let record = Record(section: "", key: "", value: Array(value.utf8), revision: 1)
        #expect(OpenInvitations(Self.member, record).codes.isEmpty)
    }
}
