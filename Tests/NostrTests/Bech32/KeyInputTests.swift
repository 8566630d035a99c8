import Testing

@testable import Nostr

/// What an operator or a form may give as a public key.
@Suite struct KeyInputTests {
    private static let hex = "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e"
    private static let npub = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg"
    private static let nsec = "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5"

    private static func fault(_ text: String) -> KeyInputError? {
        do throws(KeyInputError) {
            _ = try PublicKey(userInput: text)
            return nil
        } catch {
            return error
        }
    }

    @Test func `64 digits, an npub and an nprofile are public keys`() throws {
        let key = try #require(PublicKey(hex: Self.hex))
        let nprofile = Entity.profile(key, relays: ["wss://r.x.com"]).bech32
        for text in [Self.hex, Self.npub, Self.npub.uppercased(), "nostr:" + Self.npub, nprofile, "nostr:" + nprofile] {
            #expect(try PublicKey(userInput: text) == key)
        }
    }

    @Test(arguments: [
        Self.nsec, Self.nsec.uppercased(), "Nsec1vl029", "nsec1", "nsec1 vl029",
        "ncryptsec1qgg9947rlpvqu76pj5ecreduf9j",
        "nostr:" + Self.nsec,
    ])
    func `a secret key is refused as one, and the answer does not repeat it`(_ text: String) throws {
        let fault = try #require(Self.fault(text))
        #expect(fault == .secretKey)
        for shown in ["\(fault)", fault.description, String(reflecting: fault), "\(fault as any Error)"] {
            #expect(!shown.lowercased().contains("vl029") && !shown.lowercased().contains("qgg9947"))
            #expect(!shown.contains("nsec1"))
        }
    }

    @Test func `a spoilt secret key is not repeated either`() throws {
        for text in [
            " " + Self.nsec, "NOSTR:" + Self.nsec, "x" + Self.nsec, Self.nsec + "\n", String(Self.nsec.dropFirst()),
        ] {
            let fault = try #require(Self.fault(text))
            for shown in ["\(fault)", String(reflecting: fault)] { #expect(!shown.lowercased().contains("vl029")) }
        }
    }

    @Test func `digits in upper case are refused as such`() {
        #expect(Self.fault(Self.hex.uppercased()) == .upperCaseHex)
        #expect(Self.fault("7E" + Self.hex.dropFirst(2)) == .upperCaseHex)
    }

    @Test func `another entity is refused by its kind`() throws {
        let id = try #require(EventID(hex: Self.hex))
        let key = try #require(PublicKey(hex: Self.hex))
        #expect(Self.fault(Entity.note(id).bech32) == .otherEntity("note"))
        #expect(Self.fault(Entity.event(id, author: key, kind: nil, relays: []).bech32) == .otherEntity("nevent"))
        let address = Address(kind: .metadata, pubkey: key, identifier: [])
        #expect(Self.fault(Entity.address(address, relays: []).bech32) == .otherEntity("naddr"))
    }

    @Test(arguments: [
        "", " ", "x", "npub", "npub1", String(Self.hex.dropLast()), Self.hex + "0", " " + Self.hex, Self.npub + "x",
        "é",
    ])
    func `anything else is malformed`(_ text: String) {
        #expect(Self.fault(text) == .malformed)
    }
}
