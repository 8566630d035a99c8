import Testing

@testable import Nostr

/// Coordinates as `a` tags hold them: `kind:pubkey:identifier` (NIP-01).
@Suite struct AddressTests {
    private static let pubkey = EventText.pubkey

    private static func read(_ text: String) -> Address? { Address(canonical: Array(text.utf8).span) }

    @Test(arguments: [
        (0, ""), (3, ""), (10_000, ""), (19_999, ""), (30_000, ""), (30_023, "x"), (39_999, "a:b::c"),
        (30_023, "é 😀 \\n"),
    ])
    func `a coordinate is read`(_ kind: Int, _ identifier: String) throws {
        let address = try #require(Self.read("\(kind):\(Self.pubkey):\(identifier)"))
        #expect(address.kind.rawValue == UInt16(kind))
        #expect(address.pubkey.hex == Self.pubkey)
        #expect(address.identifier == Array(identifier.utf8))
    }

    @Test(arguments: [
        "", ":", "::", "30023", "30023:", "30023:\(Self.pubkey)", "\(Self.pubkey):", ":\(Self.pubkey):x",
        " 30023:\(Self.pubkey):x",
        "+30023:\(Self.pubkey):x", "-1:\(Self.pubkey):", "3e4:\(Self.pubkey):x", "30023.0:\(Self.pubkey):x",
        "30023 :\(Self.pubkey):x", "30023::\(Self.pubkey):x", "30023:\(Self.pubkey.uppercased()):x",
        "30023;\(Self.pubkey):x",
        "30023:\(Self.pubkey);x", "30023:\(Self.pubkey.dropLast()):x", "30023:\(Self.pubkey)0:x",
        "95536:\(Self.pubkey):x",
        "9999999999999999999999:\(Self.pubkey):x", "0x7:\(Self.pubkey):", "٣:\(Self.pubkey):",
    ])
    func `a malformed coordinate is refused`(_ text: String) {
        #expect(Self.read(text) == nil)
    }

    @Test(arguments: ["030023", "00030023", "00", "03", "010000"])
    func `a kind with leading zeros is another spelling, which no event's coordinate has`(_ kind: String) {
        #expect(Self.read("\(kind):\(Self.pubkey):") == nil)
    }

    @Test(arguments: [1, 2, 4, 5, 9_999, 20_000, 29_999, 40_000, 65_535])
    func `a coordinate of a kind that nothing replaces is refused`(_ kind: Int) {
        #expect(Self.read("\(kind):\(Self.pubkey):") == nil)
        #expect(Self.read("\(kind):\(Self.pubkey):x") == nil)
    }

    @Test(arguments: [0, 3, 10_000, 19_999])
    func `a coordinate of a replaceable kind has no identifier`(_ kind: Int) {
        #expect(Self.read("\(kind):\(Self.pubkey):x") == nil)
    }

    @Test func `every truncation of a coordinate without an identifier is refused`() {
        let text = "30023:\(Self.pubkey):"
        for count in 0..<text.utf8.count { #expect(Self.read(String(text.prefix(count))) == nil) }
    }

    @Test func `an event's address is the one that its coordinate reads as`() throws {
        let event = try Event.sample(kind: 30_023, tags: [["d", "é:\"\n"]])
        let identifier = String(decoding: event.canonicalIdentifier, as: UTF8.self)
        #expect(event.address == Self.read("30023:\(Self.pubkey):\(identifier)"))
    }
}
