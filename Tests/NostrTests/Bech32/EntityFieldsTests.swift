import TestSupport
import Testing

@testable import Nostr

/// The type-length-value lists inside entities, and the bech32 around them (NIP-19, BIP-173).
@Suite struct EntityFieldsTests {
    private static let key = [UInt8](repeating: 7, count: 32)

    private static func read(_ prefix: String, _ bytes: [UInt8]) -> Entity? {
        try? Entity(bech32: Bech32.encode(prefix: prefix, bytes: bytes))
    }

    @Test func `every truncation of a list is malformed or lacks what was cut off`() throws {
        let key = PublicKey(try #require(Bytes32(Self.key)))
        let full = Entity.event(EventID(key.bytes), author: key, kind: Kind(1), relays: ["wss://a", "wss://b"])
        let bytes = EntityFields(full).bytes
        // Between two fields, a shorter list is a list.
        let borders = [34, 34 + 9, 34 + 18, 34 + 18 + 34]
        for count in 0..<bytes.count {
            #expect((Self.read("nevent", Array(bytes[..<count])) != nil) == borders.contains(count), "\(count) bytes")
        }
        #expect(Self.read("nevent", bytes) == full)
    }

    @Test func `unknown types are passed over, and of the first field the first counts`() throws {
        let key = PublicKey(try #require(Bytes32(Self.key)))
        let bytes = [9, 2, 1, 2] + [0, 32] + Self.key + [255, 0] + [0, 32] + [UInt8](repeating: 1, count: 32)
        #expect(Self.read("nprofile", bytes) == .profile(key, relays: []))
    }

    @Test func `values of the wrong size and missing fields are malformed`() {
        let special: [UInt8] = [0, 32] + Self.key
        let author: [UInt8] = [2, 32] + Self.key
        let shortAuthor: [UInt8] = [2, 31] + Self.key.dropLast()
        let name: [UInt8] = [0, 1, 0x78]
        let kind: [UInt8] = [3, 4, 0, 0, 0x75, 0x30]
        #expect(Self.read("naddr", name + author + kind) != nil)
        let wrong: [[UInt8]] = [
            [], special, name + author, name + kind, author + kind, name + shortAuthor + kind,
            name + author + [3, 3, 0, 0, 1], name + author + [3, 4, 0, 1, 0, 0], [0], [0, 1], [0, 255] + Self.key,
        ]
        for bytes in wrong { #expect(Self.read("naddr", bytes) == nil, "\(bytes)") }
        let long: [UInt8] = [0, 33] + Self.key + [0]
        let short: [UInt8] = [0, 31] + Self.key.dropLast()
        for prefix in ["nprofile", "nevent"] {
            for bytes in [[], author, short, long, [0, 0]] {
                #expect(Self.read(prefix, bytes) == nil, "\(prefix) \(bytes)")
            }
        }
        for count in [0, 31, 33, 64] {
            #expect(Self.read("npub", [UInt8](repeating: 7, count: count)) == nil)
            #expect(Self.read("note", [UInt8](repeating: 7, count: count)) == nil)
        }
    }

    @Test func `a kind beyond 16 bits is dropped from an event pointer`() throws {
        let id = EventID(try #require(Bytes32(Self.key)))
        let bytes = [0, 32] + Self.key + [3, 4, 0, 1, 0, 0]
        #expect(Self.read("nevent", bytes) == .event(id, author: nil, kind: nil, relays: []))
    }

    @Test func `an identifier is decoded from and to its canonical form`() throws {
        let key = PublicKey(try #require(Bytes32(Self.key)))
        let address = Address(kind: Kind(30_000), pubkey: key, identifier: Array(#"a\"\n\u0001é"#.utf8))
        let fields = EntityFields(.address(address, relays: []))
        #expect(Array(fields.bytes[2..<8]) == Array("a\"\n\u{1}é".utf8))
        #expect(Self.read("naddr", fields.bytes) == .address(address, relays: []))
    }

    @Test func `a relay of more than 255 bytes is left out`() throws {
        let key = PublicKey(try #require(Bytes32(Self.key)))
        let relays = [String(repeating: "a", count: 256), String(repeating: "b", count: 255), ""]
        let bytes = EntityFields(.profile(key, relays: relays)).bytes
        #expect(Self.read("nprofile", bytes) == .profile(key, relays: Array(relays.dropFirst())))
    }

    @Test func `texts of more than 5,000 characters are not read`() {
        func text(_ relays: Int) -> String {
            let bytes =
                [0, 32] + Self.key + [UInt8](repeating: 5, count: 2 * relays).flatMap { _ in [9, 0] as [UInt8] }
            return Bech32.encode(prefix: "nprofile", bytes: bytes)
        }
        #expect(text(770).utf8.count <= 5_000)
        #expect((try? Entity(bech32: text(770))) != nil)
        #expect(text(780).utf8.count > 5_000)
        #expect((try? Entity(bech32: text(780))) == nil)
        #expect((try? Entity(bech32: "npub1" + String(repeating: "q", count: 1_000_000))) == nil)
    }

    /// The valid and invalid strings of BIP-173, but for those that break its limit of 90 characters alone.
    @Test func `the strings of BIP-173 are told apart`() {
        let valid = [
            "A12UEL5L", "a12uel5l",
            "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
            "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "?1ezyfcl",
        ]
        for text in valid { #expect(Bech32.decode(text) != nil, "\(text)") }
        let invalid = [
            "\u{20}1nwldj5", "\u{7F}1axkwrx", "\u{80}1eym55h", "pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3",
            "A1G7SGD8",
            "10a06t8", "1qzzfhee", "a12UEL5L", "A12uEL5L", "de1lg7wt\u{FF}",
        ]
        for text in invalid { #expect(Bech32.decode(text) == nil, "\(text)") }
    }

    @Test(arguments: [20_260_502] as [UInt64]) func `spoilt entities are read or refused and never trap`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var mutator = Mutator(
            seed: seed,
            corpus: [[0, 32] + Self.key + [1, 3, 0x61, 0x62, 0x63] + [2, 32] + Self.key + [3, 4, 0, 0, 0x75, 0x30]]
        )
        for _ in 0..<3_000 {
            let text = Bech32.encode(
                prefix: generator.pick(["npub", "note", "nprofile", "nevent", "naddr"]),
                bytes: mutator.next()
            )
            if let entity = try? Entity(bech32: text) { #expect((try? Entity(bech32: entity.bech32)) == entity) }
            _ = try? Entity(bech32: generator.string(upTo: 20) + "1" + generator.string(upTo: 20))
        }
    }
}
