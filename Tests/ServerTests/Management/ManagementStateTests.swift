import Actors
import Backends
import Nostr
import Testing

@testable import Server

/// What admins have decided, put together from records.
struct ManagementStateTests {
    private static let key = KeyPair.random()

    private static func record(_ key: String, _ value: String?) -> Record {
        Record(section: "", key: key, value: value.map { Array($0.utf8) }, revision: 1)
    }

    private static func event(by keys: KeyPair = key) throws -> Event {
        try #require(Event.signed(by: keys, kind: 1, createdAt: 1))
    }

    @Test func `a ban is in force until it is struck off`() throws {
        var state = ManagementState()
        let event = try Self.event()
        #expect(state.moderation.refusal(of: event) == nil)
        state.take(Self.record(Self.key.publicKey.hex, #"{"reason":"spam"}"#), of: .bannedPubkey)
        #expect(state.bannedPubkeys == [Self.key.publicKey: "spam"])
        #expect(state.moderation.refusal(of: event)?.prefix == .blocked)
        #expect(try state.moderation.refusal(of: Self.event(by: .random())) == nil)
        state.take(Self.record(Self.key.publicKey.hex, nil), of: .bannedPubkey)
        #expect(state.moderation.isEmpty && state.bannedPubkeys.isEmpty)
        state.take(Self.record(event.id.hex, "{}"), of: .bannedEvent)
        #expect(state.moderation.refusal(of: event)?.prefix == .blocked)
    }

    @Test func `a ban whose value cannot be read is a ban`() {
        var state = ManagementState()
        state.take(Self.record(Self.key.publicKey.hex, "garbage"), of: .bannedPubkey)
        #expect(state.bannedPubkeys == [Self.key.publicKey: ""])
    }

    @Test func `a key that means nothing is left aside`() {
        var state = ManagementState()
        for section in ManagementState.Section.allCases { state.take(Self.record("?", "{}"), of: section) }
        #expect(state == ManagementState())
    }

    @Test func `kinds override the configuration's`() {
        var state = ManagementState()
        let allowed = KindSet([0...3])
        let denied = KindSet([2...2])
        #expect(state.applied(to: allowed, denied) == (allowed, denied))
        state.take(Self.record("2", #"{"allowed":true}"#), of: .kind)
        state.take(Self.record("9", #"{"allowed":true}"#), of: .kind)
        state.take(Self.record("1", #"{"allowed":false}"#), of: .kind)
        #expect(state.applied(to: allowed, denied) == (KindSet([0...3, 9...9]), KindSet([1...1])))
        state.take(Self.record("1", nil), of: .kind)
        #expect(state.applied(to: allowed, denied) == (KindSet([0...3, 9...9]), .none))
    }

    @Test func `a set of kinds loses some`() {
        #expect(KindSet.all.subtracting([0...0, 5...6, .max ... .max]).description == "1-4, 7-65534")
        #expect(KindSet([1...3]).subtracting([0...9]) == .none)
        #expect(KindSet([1...3]).subtracting([]) == KindSet([1...3]))
    }

    @Test func `blocked addresses are one or many`() throws {
        var list = BlockList()
        #expect(!list.contains(client: "203.0.113.7"))
        list.set(try Network(parsing: "203.0.113.7"), isBlocked: true)
        list.set(try Network(parsing: "2001:db8::/32"), isBlocked: true)
        for client in ["203.0.113.7", "::ffff:203.0.113.7", "2001:db8:1::1"] { #expect(list.contains(client: client)) }
        for client in ["203.0.113.8", "2001:db9::1", "unix", ""] { #expect(!list.contains(client: client)) }
        list.set(try Network(parsing: "203.0.113.7"), isBlocked: false)
        list.set(try Network(parsing: "2001:db8::/32"), isBlocked: false)
        #expect(list == BlockList())
    }

    @Test func `a report says what is wrong with which event`() throws {
        let (one, other) = (String(repeating: "1", count: 64), String(repeating: "2", count: 64))
        let tags = [["p", one, "spam"], ["e", one, "nudity"], ["e", other], ["e", one, "spam"], ["e", "x"], ["e"]]
        let event = try #require(Event.signed(by: Self.key, kind: .report, tags: tags, content: "look", createdAt: 1))
        let reasons = Report(event).reasons
        #expect(reasons.map(\.id.hex) == [one, other])
        #expect(reasons.map(\.reason) == ["nudity: look", "look"])
    }

    @Test func `administration needs admins and a URL that leads here`() throws {
        var configuration = Configuration()
        #expect(!Administration(configuration).isOn)
        configuration.admins = [Self.key.publicKey]
        #expect(try Administration(configuration) == .on(#require(RelayURL("ws://127.0.0.1:7777"))))
        configuration.listen = [.tcp(host: "127.0.0.1", port: 7777), .tcp(host: "0.0.0.0", port: 80)]
        #expect(!Administration(configuration).isOn)
        configuration.url = try AbsoluteURL(parsing: "wss://relay.example.com", schemes: ["wss"])
        #expect(try Administration(configuration) == .on(#require(RelayURL("https://relay.example.com"))))
    }
}
