import Nostr
import Testing

@testable import Server

/// What bodies of management requests ask for (NIP-86).
struct ManagementCallTests {
    private static let key = String(repeating: "ab", count: 32)

    private static func call(_ body: String) throws -> ManagementCall {
        try ManagementCall(ManagementRequest(parsing: Array(body.utf8)))
    }

    @Test func `line 92: a method and its parameters are read`() throws {
        let pubkey = try #require(PublicKey(hex: Self.key))
        let ban = try Self.call(#"{"method":"banpubkey","params":["\#(Self.key)","spam"]}"#)
        #expect(ban == .banPubkey(pubkey, reason: "spam"))
        #expect(try Self.call(#"{"method":"unbanpubkey","params":["\#(Self.key)"]}"#) == .unbanPubkey(pubkey))
        #expect(try Self.call(#"{"params":[7],"method":"disallowkind"}"#) == .setKind(7, isAllowed: false))
        #expect(try Self.call(#"{"method":"changerelayname","params":["N"]}"#) == .changeInformation(.name, "N"))
        let network = try Network(parsing: "10.0.0.0/8")
        #expect(
            try Self.call(#"{"method":"blockip","params":["10.0.0.0/8",null]}"#) == .blockIP(network, reason: "")
        )
    }

    @Test(arguments: [#"{"method":"listbannedpubkeys"}"#, #"{"method":"listbannedpubkeys","params":null,"id":1}"#])
    func `parameters may be left out where there are none`(body: String) throws {
        #expect(try Self.call(body) == .listBannedPubkeys)
    }

    @Test(arguments: ["", "{", "[]", "1", "{}", #"{"method":1}"#, #"{"method":"supportedmethods","params":{}}"#])
    func `what is no request is refused`(body: String) {
        #expect(throws: ManagementError.self) { try ManagementRequest(parsing: Array(body.utf8)) }
    }

    @Test(arguments: [
        #"{"method":"nothing"}"#, #"{"method":"BanPubkey","params":["x"]}"#, #"{"method":"banpubkey"}"#,
        #"{"method":"banpubkey","params":["x"]}"#, #"{"method":"banpubkey","params":[{}]}"#,
        #"{"method":"allowkind","params":[65536]}"#, #"{"method":"allowkind","params":["1"]}"#,
        #"{"method":"blockip","params":["10.0.0.1/8"]}"#, #"{"method":"supportedmethods","params":[1]}"#,
        #"{"method":"changerelayicon","params":["data:,x"]}"#,
    ])
    func `wrong parameters are refused`(body: String) throws {
        let request = try ManagementRequest(parsing: Array(body.utf8))
        #expect(throws: ManagementError.self) { try ManagementCall(request) }
    }

    @Test func `line 95: each method that is listed is there`() throws {
        #expect(ManagementCall.otherMethods.count == 21)
        for method in ManagementCall.otherMethods {
            do {
                _ = try Self.call(#"{"method":"\#(method)","params":[]}"#)
            } catch let error as ManagementError {
                #expect(!error.description.contains("no method"))
            }
        }
    }
}
