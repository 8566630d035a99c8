import Nostr
import Testing

@testable import Backends

@Suite struct SnapshotLineTests {
    private static let id = EventID.absent(1)
    private static let author = PublicKey.sample(1)
    private static let digest = SHA256.digest(Array("x".utf8))

    private static let event = Event.sample(tags: [["d", "a\"b"], ["e"]], content: "line\nfeed")
    private static let lines: [SnapshotLine] = [
        .header(backend: "sqlite", createdAt: 1_700_000_000),
        .item(.event(Self.event)),
        .item(.deletedEvent(Self.id, by: Self.author)),
        .item(.deletedAddress(30_023, by: Self.author, digest: Self.digest, until: 9)),
        .end(StoreContents(events: 1, deletedEvents: 20, deletedAddresses: 300)),
        .item(.vanished(Self.author, until: 1_700_000_000)),
        .end(StoreContents(events: 1, deletedEvents: 20, deletedAddresses: 300, vanished: 4)),
        .header(version: 1, backend: "postgres", createdAt: 5),
        .item(.record(Record(section: "member", key: "a", value: Array(#"{"since":5}"#.utf8), revision: 7))),
        .end(StoreContents(events: 1, deletedEvents: 20, deletedAddresses: 300, vanished: 4, records: 5)),
        .end(StoreContents(records: 1)),
    ]

    private func text(_ line: SnapshotLine) -> String {
        var text: [UInt8] = []
        line.append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    @Test func `a snapshot has the form that is documented`() {
        let expected = [
            #"{"martlet":"snapshot","version":2,"backend":"sqlite","created_at":1700000000}"#,
            #"{"event":\#(String(decoding: Self.event.json, as: UTF8.self))}"#,
            #"{"deleted_event":{"id":"\#(Self.id)","by":"\#(Self.author)"}}"#,
            #"{"deleted_address":{"kind":30023,"pubkey":"\#(Self.author)","#
                + #""d_sha256":"\#(Self.digest.hex)","until":9}}"#,
            #"{"end":{"events":1,"deleted_events":20,"deleted_addresses":300}}"#,
            #"{"vanished":{"pubkey":"\#(Self.author)","until":1700000000}}"#,
            #"{"end":{"events":1,"deleted_events":20,"deleted_addresses":300,"vanished":4}}"#,
            #"{"martlet":"snapshot","version":1,"backend":"postgres","created_at":5}"#,
            #"{"record":{"section":"member","key":"a","revision":7,"value":{"since":5}}}"#,
            #"{"end":{"events":1,"deleted_events":20,"deleted_addresses":300,"vanished":4,"records":5}}"#,
            #"{"end":{"events":0,"deleted_events":0,"deleted_addresses":0,"records":1}}"#,
        ]
        #expect(Self.lines.map { self.text($0) } == expected)
    }

    @Test(arguments: Self.lines) func `what is written is read`(line: SnapshotLine) {
        #expect(SnapshotLine(parsing: Array(self.text(line).utf8)) == line)
    }

    @Test(arguments: Self.lines) func `a line that is cut off or goes on is none`(line: SnapshotLine) {
        let text = Array(self.text(line).utf8)
        for length in 0..<text.count { #expect(SnapshotLine(parsing: Array(text[..<length])) == nil) }
        for more in ["}", " ", "x", "\n"] { #expect(SnapshotLine(parsing: text + Array(more.utf8)) == nil) }
    }

    @Test(arguments: [
        "", "{}", "[]", "null", "\u{0}", #"{"event":{}}"#, #"{"event":}"#, #"{"event":null}"#,
        #"{"martlet":"snapshot","version":0,"backend":"sqlite","created_at":1}"#,
        #"{"martlet":"snapshot","version":3,"backend":"sqlite","created_at":1}"#,
        #"{"martlet":"snapshot","version":1,"backend":"","created_at":1}"#,
        #"{"martlet":"snapshot","version":1,"backend":"x","created_at":-1}"#,
        #"{"end":{"events":01,"deleted_events":0,"deleted_addresses":0}}"#,
        #"{"end":{"events":0,"deleted_events":0,"deleted_addresses":0,"vanished":0}}"#,
        #"{"end":{"events":0,"deleted_events":0,"deleted_addresses":0,"records":0}}"#,
        #"{"end":{"events":0,"deleted_events":0,"deleted_addresses":0,"records":1,"vanished":1}}"#,
        #"{"end":{"events":,"deleted_events":0,"deleted_addresses":0}}"#,
        #"{"end":{"events":99999999999999999999,"deleted_events":0,"deleted_addresses":0}}"#,
    ])
    func `anything else is no line`(text: String) {
        #expect(SnapshotLine(parsing: Array(text.utf8)) == nil)
    }

    @Test func `a kind beyond 65535, digits in capitals and a changed event are no lines`() {
        let address = self.text(Self.lines[3])
        #expect(SnapshotLine(parsing: Array(address.replacing("30023", with: "65536").utf8)) == nil)
        let deleted = self.text(Self.lines[2])
        #expect(
            SnapshotLine(parsing: Array(deleted.replacing(Self.id.hex, with: Self.id.hex.uppercased()).utf8)) == nil
        )
        let event = self.text(Self.lines[1])
        #expect(SnapshotLine(parsing: Array(event.replacing("feed", with: "food").utf8)) == nil)
        #expect(SnapshotLine(parsing: Array(event.replacing(#","tags""#, with: #", "tags""#).utf8)) == nil)
    }

    @Test func `the order of things makes no difference to a digest, and everything else does`() {
        let items = Self.lines.compactMap { line in if case .item(let item) = line { item } else { nil } }
        func digest(_ items: [StoredItem]) -> ContentDigest { items.reduce(into: ContentDigest()) { $0.add($1) } }
        #expect(digest(items) == digest(items.reversed()))
        let contents = StoreContents(events: 1, deletedEvents: 1, deletedAddresses: 1, vanished: 1, records: 1)
        #expect(digest(items).contents == contents)
        #expect(digest(items) != digest(Array(items.dropLast())))
        let later = StoredItem.deletedAddress(30_023, by: Self.author, digest: Self.digest, until: 10)
        let earlier = items.filter { if case .deletedAddress = $0 { false } else { true } }
        #expect(digest(items) != digest(earlier + [later]))
        #expect(digest(items + items) != digest(items))
        #expect(digest([items[0], items[0], items[1]]) != digest([items[1], items[1], items[0]]))
    }
}
