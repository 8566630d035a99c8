import Backends
import Foundation
import Nostr
import Testing

@testable import Server

/// What the relay publishes about its members (NIP-43), and the key that it signs with.
struct MemberListTests {
    private static let relay = KeyPair.random()

    private static func keys(_ count: Int) -> [PublicKey] {
        (0..<count).map { _ in KeyPair.random().publicKey }.sorted()
    }

    @Test func `line 65: the first list tells all members and nobody's coming`() throws {
        let members = Self.keys(3)
        let events = try MemberList.events(from: nil, to: members, by: Self.relay, now: 100)
        #expect(events.map(\.kind) == [.memberList])
        #expect(events[0].tags == [["-"]] + members.map { ["member", $0.hex] })
        #expect(events[0].pubkey == Self.relay.publicKey && events[0].hasValidSignature && events[0].isProtected)
    }

    @Test func `line 65: who comes and goes is told before the new list`() throws {
        let (stays, goes, comes) = (Self.keys(1)[0], Self.keys(1)[0], Self.keys(1)[0])
        let first = try MemberList.events(from: nil, to: [stays, goes].sorted(), by: Self.relay, now: 100)[0]
        let events = try MemberList.events(from: first, to: [stays, comes].sorted(), by: Self.relay, now: 100)
        #expect(events.map(\.kind) == [.memberAdded, .memberRemoved, .memberList])
        #expect(events[0].tags == [["-"], ["p", comes.hex]] && events[1].tags == [["-"], ["p", goes.hex]])
        // Within a second the later list wins.
        #expect(events[2].createdAt == 101)
    }

    @Test func `a list that is right is left alone`() throws {
        let members = Self.keys(2)
        let first = try MemberList.events(from: nil, to: members, by: Self.relay, now: 100)[0]
        #expect(try MemberList.events(from: first, to: members, by: Self.relay, now: 200).isEmpty)
    }

    @Test func `of a crowd only the list tells`() throws {
        let first = try MemberList.events(from: nil, to: [], by: Self.relay, now: 100)[0]
        #expect(try MemberList.events(from: first, to: Self.keys(201), by: Self.relay, now: 200).count == 1)
    }

    @Test func `an invitation is used up`() throws {
        let invitation = Invitation(uses: 2, until: 100)
        guard case .put(let value) = invitation.change().act else { return #expect(Bool(false)) }
        let record = Record(section: Invitation.section, key: invitation.code, value: value, revision: 7)
        #expect(Invitation(record) == invitation)
        guard case .put(let rest) = invitation.use(readAt: 7).act else { return #expect(Bool(false)) }
        let once = Record(section: Invitation.section, key: invitation.code, value: rest, revision: 8)
        #expect(Invitation(once)?.uses == 1)
        #expect(Invitation(once)?.use(readAt: 8).act == .erase)
        #expect(!invitation.hasEnded(by: 99) && invitation.hasEnded(by: 100))
    }

    @Test(arguments: ["", "{}", #"{"uses":0}"#, #"{"uses":-1}"#, #"{"uses":1,"until":"x"}"#])
    func `what is no invitation lets nobody in`(value: String) {
        #expect(Invitation(Record(section: "", key: "c", value: Array(value.utf8), revision: 1)) == nil)
    }

    @Test func `the key is made once and is its owner's alone`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let key = try RelayKeyFile(path: path).key()
        #expect(try RelayKeyFile(path: path).key().publicKey == key.publicKey)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(throws: RelayKeyError.self) { try RelayKeyFile(path: path).key() }
    }

    @Test func `a file that holds no key is not written over`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        #expect(FileManager.default.createFile(atPath: path, contents: Data("not a key".utf8), attributes: attributes))
        #expect(throws: RelayKeyError.self) { try RelayKeyFile(path: path).key() }
        #expect(FileManager.default.contents(atPath: path) == Data("not a key".utf8))
    }
}
