import Nostr
import Testing

@testable import Server

/// What the relay publishes about its members (NIP-43).
struct MemberListTests {
    private static let relay = KeyPair.random()

    private static func keys(_ count: Int) -> Set<PublicKey> {
        Set((0..<count).map { _ in KeyPair.random().publicKey })
    }

    private static func list(
        from last: Event?,
        wasCut: Bool = false,
        to members: Set<PublicKey>,
        now: Int64 = 100,
        capacity: Int = 1_000
    ) throws -> MemberList {
        try MemberList(from: last, wasCut: wasCut, to: members, by: self.relay, now: now, capacity: capacity)
    }

    @Test func `line 65: the first list names all members and tells nobody's coming`() throws {
        let members = Self.keys(3)
        let list = try Self.list(from: nil, to: members)
        #expect(list.events.map(\.kind) == [.memberList] && list.isComplete && !list.isCut)
        let event = try #require(list.events.first)
        #expect(event.tags == [["-"]] + members.sorted().map { ["member", $0.hex] })
        #expect(event.pubkey == Self.relay.publicKey && event.hasValidSignature && event.isProtected)
        #expect(event.createdAt == 100 && MemberList.members(of: event) == members)
    }

    @Test func `line 65: a relay without members says so`() throws {
        #expect(try Self.list(from: nil, to: []).events.map(\.tags) == [[["-"]]])
    }

    @Test func `line 65: who comes and goes is told with the new list`() throws {
        let (stays, goes, comes) = (Self.keys(1), Self.keys(1), Self.keys(1))
        let first = try Self.list(from: nil, to: stays.union(goes)).events[0]
        let events = try Self.list(from: first, to: stays.union(comes), now: 200).events
        #expect(events.map(\.kind) == [.memberRemoved, .memberAdded, .memberList])
        #expect(events[0].tags == [["-"], ["p", goes.first?.hex ?? ""]])
        #expect(events[1].tags == [["-"], ["p", comes.first?.hex ?? ""]])
        #expect(MemberList.members(of: events[2]) == stays.union(comes))
        #expect(events.allSatisfy { $0.pubkey == Self.relay.publicKey && $0.hasValidSignature && $0.isProtected })
    }

    @Test(arguments: [(99, 101), (100, 101), (101, 101), (102, 102)] as [(Int64, Int64)])
    func `a later list is later than the one that it replaces`(now: Int64, createdAt: Int64) throws {
        let first = try Self.list(from: nil, to: [], now: 100).events[0]
        #expect(try Self.list(from: first, to: Self.keys(1), now: now).events.last?.createdAt == createdAt)
    }

    @Test func `a list that is right is left alone`() throws {
        let members = Self.keys(2)
        let first = try Self.list(from: nil, to: members).events[0]
        #expect(try Self.list(from: first, to: members, now: 200).events.isEmpty)
    }

    @Test func `a crowd is told in several steps, each of them true`() throws {
        let members = Self.keys(MemberList.mostTold + 20)
        let first = try Self.list(from: nil, to: []).events[0]
        let step = try Self.list(from: first, to: members, now: 200, capacity: 10_000)
        #expect(!step.isComplete && step.events.count == MemberList.mostTold + 1)
        let between = try #require(step.events.last)
        #expect(MemberList.members(of: between).count == MemberList.mostTold)
        let rest = try Self.list(from: between, to: members, now: 201, capacity: 10_000)
        #expect(rest.isComplete && rest.events.count == 21)
        let events = step.events + rest.events
        let told = events.filter { $0.kind == .memberAdded }.compactMap { $0.firstValue(ofTag: "p") }
        #expect(told.count == members.count && Set(told) == Set(members.map(\.hex)))
        #expect(try Self.list(from: rest.events.last, to: members, now: 202, capacity: 10_000).events.isEmpty)
    }

    @Test func `a list that cannot hold all tells of nobody who came or went`() throws {
        let members = Self.keys(5)
        let first = try Self.list(from: nil, to: members, capacity: 3)
        #expect(first.isCut && first.events.map(\.kind) == [.memberList])
        let list = first.events[0]
        #expect(MemberList.members(of: list) == Set(members.sorted().prefix(3)))
        // Whoever is listed because another went did not come.
        let fewer = members.subtracting([members.sorted()[0]])
        let second = try Self.list(from: list, wasCut: true, to: fewer, now: 200, capacity: 3)
        #expect(second.isCut && second.events.map(\.kind) == [.memberList])
        let all = try Self.list(from: second.events[0], wasCut: true, to: fewer, now: 300, capacity: 10)
        #expect(!all.isCut && all.events.map(\.kind) == [.memberList])
        #expect(MemberList.members(of: all.events[0]) == fewer)
        #expect(try Self.list(from: all.events[0], to: fewer, now: 400, capacity: 10).events.isEmpty)
    }

    @Test(arguments: [(131_072, 2_000, 1_675), (1 << 20, 2_000, 1_999), (1_024, 2_000, 8), (100, 1, 0)])
    func `a list is no larger than what clients may publish`(bytes: Int, tags: Int, members: Int) throws {
        #expect(MemberList.capacity(bytes: bytes, tags: tags) == members)
        guard members < 1_700, members > 0 else { return }
        let list = try Self.list(from: nil, to: Self.keys(members), capacity: members)
        #expect(list.events[0].json.count <= bytes)
    }
}
