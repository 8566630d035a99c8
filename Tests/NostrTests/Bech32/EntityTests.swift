import TestSupport
import Testing

@testable import Nostr

/// bech32 entities (NIP-19), with examples of NIP-19, 21, 23 and of libraries in use.
@Suite struct EntityTests {
    private static let jack = "3bf0c63fcb93463407af97a5e5ee64fa883d107ef9e558472c4eb9aaaefa459d"

    private static func key(_ hex: String) throws -> PublicKey { try #require(PublicKey(hex: hex)) }
    private static func id(_ hex: String) throws -> EventID { try #require(EventID(hex: hex)) }

    private static func fault(_ text: String) -> EntityError? {
        do throws(EntityError) {
            _ = try Entity(bech32: text)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        (Self.jack, "npub180cvv07tjdrrgpa0j7j7tmnyl2yr6yr7l8j4s3evf6u64th6gkwsyjh6w6"),
        (
            "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e",
            "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg"
        ),
    ])
    func `a public key is written and read as an npub`(_ hex: String, _ npub: String) throws {
        let key = try Self.key(hex)
        #expect(try Entity(bech32: npub) == .publicKey(key))
        #expect(key.npub == npub)
        #expect(try Entity(bech32: "nostr:" + npub) == .publicKey(key))
        #expect(try Entity(bech32: npub.uppercased()) == .publicKey(key))
    }

    @Test func `an event id is written and read as a note`() throws {
        let note = "note1gmtnz6q2m55epmlpe3semjdcq987av3jvx4emmjsa8g3s9x7tg4sclreky"
        let entity = Entity.note(try Self.id("46d731680add2990efe1cc619dc9b8014feeb23261ab9dee50e9d11814de5a2b"))
        #expect(try Entity(bech32: note) == entity)
        #expect(entity.bech32 == note)
    }

    @Test func `a profile is written and read with its relays`() throws {
        let nprofile =
            "nprofile1qqsrhuxx8l9ex335q7he0f09aej04zpazpl0ne2cgukyawd24mayt8g"
            + "pp4mhxue69uhhytnc9e3k7mgpz4mhxue69uhkg6nzv9ejuumpv34kytnrdaksjlyr9p"
        let entity = Entity.profile(try Self.key(Self.jack), relays: ["wss://r.x.com", "wss://djbas.sadkb.com"])
        #expect(try Entity(bech32: nprofile) == entity)
        #expect(entity.bech32 == nprofile)
    }

    @Test func `an event pointer is read with its relay`() throws {
        let nevent =
            "nevent1qqst8cujky046negxgwwm5ynqwn53t8aqjr6afd8g59nfqwxpdhylpc"
            + "pzamhxue69uhhyetvv9ujuetcv9khqmr99e3k7mg8arnc9"
        let id = try Self.id("b3e392b11f5d4f28321cedd09303a748acfd0487aea5a7450b3481c60b6e4f87")
        let entity = Entity.event(id, author: nil, kind: nil, relays: ["wss://relay.example.com"])
        #expect(try Entity(bech32: nevent) == entity)
        #expect(entity.bech32 == nevent)
    }

    @Test func `a coordinate is read with its relays and its kind`() throws {
        let naddr =
            "naddr1qqrxyctwv9hxzqfwwaehxw309aex2mrp0yhxummnw3ezuetcv9khqmr99ekhjer0d4skjm3wv4uxzmtsd3jjucm0d"
            + "5q3vamnwvaz7tmwdaehgu3wvfskuctwvyhxxmmdqgsrhuxx8l9ex335q7he0f09aej04zpazpl0ne2cgukyawd24mayt8g"
            + "rqsqqqa28a3lkds"
        let address = Address(kind: Kind(30_023), pubkey: try Self.key(Self.jack), identifier: Array("banana".utf8))
        let relays = ["wss://relay.nostr.example.mydomain.example.com", "wss://nostr.banana.com"]
        #expect(try Entity(bech32: naddr) == .address(address, relays: relays))
        #expect(Entity.address(address, relays: relays).bech32 == naddr)
    }

    @Test(arguments: [20_260_501] as [UInt64])
    func `any entity is read as it was written`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<200 {
            let bytes = Bytes32(generator.next(), generator.next(), generator.next(), generator.next())
            let relays = (0..<generator.below(4)).map { _ in generator.string(upTo: 20) }
            let kind = generator.once(in: 2) ? Kind(UInt16(generator.below(65_536))) : nil
            let author = generator.once(in: 2) ? PublicKey(bytes) : nil
            var identifier: [UInt8] = []
            CanonicalText.append(generator.string(upTo: 40), to: &identifier)
            let address = Address(kind: Kind(30_000), pubkey: PublicKey(bytes), identifier: identifier)
            for entity: Entity in [
                .publicKey(PublicKey(bytes)), .note(EventID(bytes)), .profile(PublicKey(bytes), relays: relays),
                .event(EventID(bytes), author: author, kind: kind, relays: relays), .address(address, relays: relays),
            ] { try #require(try Entity(bech32: entity.bech32) == entity, "\(entity)") }
        }
    }

    @Test func `a secret key is refused unread`() {
        let nsec = "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5"
        for text in [nsec, nsec.uppercased(), "nostr:" + nsec, nsec + "x", "nsec1", "nSec1vl029"] {
            #expect(Self.fault(text) == .secretKey)
        }
    }

    @Test func `an entity of another kind is told from a malformed one`() {
        let nrelay = Bech32.encode(prefix: "nrelay", bytes: [0, 1, 2])
        #expect(Self.fault(nrelay) == .unknown(prefix: "nrelay"))
        #expect(Self.fault("lnbc1" + "qqqqqq") == .malformed)
    }

    @Test func `every wrong character, and every two swapped, are noticed`() {
        let npub = "npub180cvv07tjdrrgpa0j7j7tmnyl2yr6yr7l8j4s3evf6u64th6gkwsyjh6w6"
        let bytes = Array(npub.utf8)
        for index in bytes.indices {
            for other in "qpzry9x8gf2tvdw0s3jn54khce6mua7lbio1 -_é\u{0}".utf8 where other != bytes[index] {
                var wrong = bytes
                wrong[index] = other
                #expect(Self.fault(String(decoding: wrong, as: UTF8.self)) != nil)
            }
            guard index > 0, bytes[index] != bytes[index - 1] else { continue }
            var swapped = bytes
            swapped.swapAt(index, index - 1)
            #expect(Self.fault(String(decoding: swapped, as: UTF8.self)) != nil)
        }
    }

    @Test(arguments: [
        "", "1", "npub", "npub1", "npub1qqqqqq", " npub180cvv07tjdrrgpa0j7j7tmnyl2yr6yr7l8j4s3evf6u64th6gkwsyjh6w6",
        "npub180cvv07tjdrrgpa0j7j7tmnyl2yr6yr7l8j4s3evf6u64th6gkwsyjh6w6 ",
        "Npub180cvv07tjdrrgpa0j7j7tmnyl2yr6yr7l8j4s3evf6u64th6gkwsyjh6w6",
        "npub180cvv07tjdrrgpa0j7j7tmnyl2yr6yr7l8j4s3evf6u64th6gkwsyjh6W6",
        "nostr:nostr:npub180cvv07tjdrrgpa0j7j7tmnyl2yr6yr7l8j4s3evf6u64th6gkwsyjh6w6", "1qqqqqq", "\u{80}1qqqqqq",
    ])
    func `mixed case, white space and what is no bech32 are malformed`(_ text: String) {
        #expect(Self.fault(text) == .malformed)
    }

    @Test func `a letter that only becomes ASCII when its case is changed is malformed`() {
        let npub = "npub180cvv07tjdrrgpa0j7j7tmnyl2yr6yr7l8j4s3evf6u64th6gkwsyjh6w6"
        #expect(Self.fault(npub.uppercased().replacing("K", with: "\u{212A}")) == .malformed)
        #expect(Self.fault(npub.replacing("k", with: "\u{212A}")) == .malformed)
    }
}
