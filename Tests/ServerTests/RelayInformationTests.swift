import Foundation
import Testing

@testable import Server

@Suite("The relay information document (NIP-11)")
struct RelayInformationTests {
    @Test("A full document has every key of the NIP with a value of its type")
    func fullDocument() throws {
        let document = try object(Samples.information.json())
        let strings = [
            "name", "description", "banner", "icon", "pubkey", "self", "contact", "software", "version",
            "posting_policy", "privacy_policy", "terms_of_service", "payments_url",
        ]
        for key in strings { #expect(document[key] is String, "\(key)") }
        for key in ["relay_countries", "language_tags", "tags"] { #expect(document[key] is [String], "\(key)") }
        #expect(document["supported_nips"] as? [Int] == [1, 11, 42])
        #expect(document["limitation"] is [String: Any])
        #expect(document["fees"] is [String: Any])
        #expect(document.count == strings.count + 6)
    }

    @Test("A full list of limits has every key of the NIP, numbers as integers and conditions as booleans")
    func fullLimitation() throws {
        let document = try object(Samples.information.json())
        let limits = try #require(document["limitation"] as? [String: NSNumber])
        let numbers: [String: Int] = [
            "max_message_length": 1_048_576, "max_subscriptions": 100, "max_filters": 20, "max_limit": 1000,
            "default_limit": 500, "max_subid_length": 64, "max_event_tags": 2000, "max_content_length": 100_000,
            "min_pow_difficulty": 20, "created_at_lower_limit": 31_536_000, "created_at_upper_limit": 900,
        ]
        for (key, value) in numbers { #expect(limits[key]?.intValue == value, "\(key)") }
        let text = String(decoding: Samples.information.json(), as: UTF8.self)
        #expect(text.contains(#""auth_required":false"#))
        #expect(text.contains(#""payment_required":true"#))
        #expect(text.contains(#""restricted_writes":true"#))
        #expect(limits.count == numbers.count + 3)
    }

    @Test("Fees are listed by what they are for, with amount, unit, period and kinds")
    func fees() throws {
        let document = try object(Samples.information.json())
        let fees = try #require(document["fees"] as? [String: [[String: Any]]])
        #expect(fees["admission"]?[0]["amount"] as? Int == 1_000_000)
        #expect(fees["admission"]?[0]["unit"] as? String == "msats")
        #expect(fees["admission"]?[0].count == 2)
        #expect(fees["subscription"]?[0]["period"] as? Int == 2_592_000)
        #expect(fees["publication"]?[0]["kinds"] as? [Int] == [4])
    }

    @Test("What is not given is left out, and an empty document is an empty object")
    func emptyDocument() {
        #expect(RelayInformation().json() == Array("{}".utf8))
        var information = RelayInformation()
        information.limitation = RelayInformation.Limitation()
        information.supportedNIPs = []
        #expect(String(decoding: information.json(), as: UTF8.self) == #"{"limitation":{},"supported_nips":[]}"#)
    }

    @Test("Keys come in alphabetical order and slashes are not escaped")
    func order() {
        var information = RelayInformation()
        information.version = "1.0.0"
        information.software = "https://example.com/a"
        information.relayPubkey = "ab"
        information.name = "A \"relay\""
        let expected = #"{"name":"A \"relay\"","self":"ab","software":"https://example.com/a","version":"1.0.0"}"#
        #expect(String(decoding: information.json(), as: UTF8.self) == expected)
    }

    private func object(_ json: [UInt8]) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
    }
}
