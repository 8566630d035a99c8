import Nostr
import Testing

@Suite("What a relay says")
struct RelayAnswerTests {
    private let id = String(repeating: "ab", count: 32)

    private func answer(_ text: String) -> RelayAnswer? {
        let bytes = Array(text.utf8)
        return RelayAnswer(parsing: bytes.span)
    }

    @Test("is read message by message")
    func readsMessages() throws {
        let event = try #require(EventID(hex: self.id))
        let sub = SubscriptionID("s\n")
        #expect(self.answer(#"["EVENT","s\n",{"a":[1,"]"]} ]"#) == .event(sub, json: Array(#"{"a":[1,"]"]}"#.utf8)))
        #expect(self.answer(#"["OK","\#(self.id)",true,"x\u0041"]"#) == .ok(event, isAccepted: true, text: "xA"))
        #expect(self.answer(#"["OK","\#(self.id)",false]"#) == .ok(event, isAccepted: false, text: ""))
        #expect(self.answer(#"["EOSE","s\u000a","finish"]"#) == .endOfStoredEvents(sub))
        #expect(self.answer(#"["CLOSED","s\n","error: no"]"#) == .closed(sub, text: "error: no"))
        #expect(self.answer(#"["NOTICE","hi"]"#) == .notice("hi"))
        #expect(self.answer(#"["AUTH","c"]"#) == .challenge("c"))
        #expect(self.answer(#"["NEG-MSG","s\n","61ff"]"#) == .negentropy(sub, message: [0x61, 0xFF]))
        #expect(
            self.answer(#"["NEG-ERR","s\n","blocked: big",500]"#)
                == .negentropyError(sub, text: "blocked: big", maximumRecords: 500)
        )
        #expect(self.answer(#"["COUNT","s",{"count":3}]"#) == .other(verb: "COUNT"))
    }

    @Test(
        "is nothing where it is malformed",
        arguments: [
            "", "[", "[]", "{}", "null", #"["EVENT"]"#, #"["EVENT","s"]"#, #"["EVENT",1,{}]"#, #"["OK","ab",true,""]"#,
            #"["OK","abababababababababababababababababababababababababababababababab","true",""]"#, #"["EOSE"]"#,
            #"["EOSE",7]"#, #"["AUTH"]"#, #"["AUTH",{}]"#, #"["NEG-MSG","s","6"]"#, #"["NEG-MSG","s","6G"]"#,
            #"["NEG-MSG","s"]"#, #"[1,"EVENT"]"#, #"["EVENT","s",{"a":}]"#,
        ]
    )
    func refusesMalformed(text: String) {
        #expect(self.answer(text) == nil)
        let broken = Array(text.utf8) + [0xFF]
        #expect(RelayAnswer(parsing: broken.span) == nil)
    }

    @Test("is read from no prefix of a message, and from no message nested without end")
    func refusesPrefixes() {
        let whole = #"["NEG-ERR","s","blocked: this \"query\" is too big",1000]"#
        for prefix in (0..<whole.utf8.count - 7).map({ String(whole.prefix($0)) }) {
            // A reason need not be given.
            #expect(prefix.hasSuffix(#""s""#) || self.answer(prefix) == nil)
        }
        #expect(self.answer(#"["EVENT","s","# + String(repeating: "[", count: 100_000)) == nil)
    }
}

@Suite("What a client sends")
struct ClientMessageWritingTests {
    @Test("is read by a relay as it was meant")
    func isReadAgain() throws {
        let id = String(repeating: "ab", count: 32)
        let rest = ##""kinds":[1,2],"#t":["a\"b"],"since":1,"until":9,"limit":3}"##
        let text = ##"{"ids":["\##(id)"],"## + rest
        let filter = try Filter(parsing: text)
        #expect(String(decoding: filter.json, as: UTF8.self) == text)
        #expect(try Filter(parsing: String(decoding: Filter().json, as: UTF8.self)) == Filter())
        let json = ClientMessage.request(SubscriptionID("a\"b"), [filter, Filter()]).json
        guard case .request(let name, let filters) = try ClientMessage(parsing: json.span, bounds: MessageBounds())
        else {
            Issue.record("it is no REQ")
            return
        }
        #expect(name == SubscriptionID("a\"b"))
        #expect(filters == [filter, Filter()])
    }

    @Test("opens, goes on with and closes a comparison by NIP-77")
    func comparesSets() {
        let id = SubscriptionID("n")
        #expect(
            String(decoding: ClientMessage.openNegentropy(id, Filter(), message: [0x61, 0]), as: UTF8.self)
                == #"["NEG-OPEN","n",{},"6100"]"#
        )
        #expect(
            String(decoding: ClientMessage.negentropy(id, message: [0x61]), as: UTF8.self) == #"["NEG-MSG","n","61"]"#
        )
        #expect(String(decoding: ClientMessage.closeNegentropy(id), as: UTF8.self) == #"["NEG-CLOSE","n"]"#)
    }

    @Test("is signed with a key that is an nsec or hex, and with nothing else")
    func readsSecrets() throws {
        let hex = "67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa"
        let nsec = "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5"
        let pubkey = "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e"
        #expect(KeyPair(secretText: hex)?.publicKey.hex == pubkey)
        #expect(KeyPair(secretText: nsec)?.publicKey.hex == pubkey)
        let npub = PublicKey(hex: pubkey)?.npub ?? ""
        for text in ["", "x", hex.uppercased(), String(hex.dropLast()), npub, "nsec1vl029mgp"] {
            #expect(KeyPair(secretText: text) == nil)
        }
    }
}
