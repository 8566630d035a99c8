import Testing

@testable import Nostr

/// REQ and COUNT (NIP-01, NIP-45).
@Suite struct RequestMessageTests {
    private static let verbs = ["REQ", "COUNT"]

    private static func closed(_ id: String, _ prefix: Refusal.Prefix, _ text: String) -> ClientMessageError {
        .subscription(SubscriptionID(id), Refusal(prefix, text))
    }

    @Test func `REQ and COUNT hold an id and filters, in their order`() throws {
        let rest = #""sub",{"kinds":[1]},{},{"limit":3}]"#
        guard case .request(let id, let filters) = try MessageProbe.read(#"["REQ",\#(rest)"#),
            case .count(let countID, let countFilters) = try MessageProbe.read(#"["COUNT",\#(rest)"#)
        else {
            Issue.record("other messages")
            return
        }
        #expect(id == SubscriptionID("sub") && countID == id)
        #expect(filters.map(\.kinds) == [[Kind(1)], nil, nil])
        #expect(filters.map(\.limit) == [nil, nil, 3])
        #expect(countFilters == filters)
    }

    @Test func `what is refused of a COUNT is no concern of the subscription of its id`() {
        let refusal = Refusal(.invalid, "a request holds at least one filter")
        #expect(MessageProbe.fault(#"["COUNT","a"]"#) == .count(SubscriptionID("a"), refusal))
        #expect(MessageProbe.fault(#"["REQ","a"]"#) == .subscription(SubscriptionID("a"), refusal))
    }

    @Test(arguments: verbs) func `a request without a filter is refused`(_ verb: String) {
        let expected = Self.closed("a", .invalid, "a request holds at least one filter")
        #expect(MessageProbe.requestFault(#"["\#(verb)","a"]"#) == expected)
    }

    @Test(arguments: verbs) func `a filter that is no object or is refused closes the subscription`(_ verb: String) {
        for value in ["null", "1", "[]", #""{}""#, "true"] {
            let expected = Self.closed("a", .invalid, "a filter is an object")
            #expect(MessageProbe.requestFault(#"["\#(verb)","a",\#(value)]"#) == expected)
            #expect(MessageProbe.requestFault(#"["\#(verb)","a",{},\#(value)]"#) == expected)
        }
        let unknown = Self.closed("a", .unsupported, "this relay has no filter field \"search\"")
        #expect(MessageProbe.requestFault(#"["\#(verb)","a",{"search":"x"}]"#) == unknown)
        let malformed = Self.closed("a", .invalid, "ids holds exact values of 64 lower-case hexadecimal digits")
        #expect(MessageProbe.requestFault(#"["\#(verb)","a",{},{"ids":["abc"]}]"#) == malformed)
    }

    @Test(arguments: verbs) func `a request that is no JSON gets a notice`(_ verb: String) {
        let rests = [
            "", ",", ",]", #","a",{}"#, #","a",{}}"#, #","a",{}]]"#, #","a",{}] x"#,
            #","a" {}]"#,
            #","a",{"since":01}]"#, ##","a",{"#t":["\x"]}]"##, ##","a",{"#t":["\ud800"]}]"##,
            ",\"a\",{\"#t\":[\"\n\"]}]", #","\x",{}]"#, #","a",{kinds:[1]}]"#, #","a",{"kinds"[1]}]"#,
        ]
        for rest in rests { #expect(MessageProbe.isNotice(#"["\#(verb)"\#(rest)"#, "invalid: "), "\(rest)") }
    }

    @Test(arguments: verbs) func `a request that lacks a value where one must stand is closed`(_ verb: String) {
        for rest in [#","a",]"#, #","a",{},]"#, #","a",{"kinds":[1,]}]"#, #","a",{"ids":}]"#, #","a",{"limit":}]"#] {
            guard case .subscription(let id, let refusal) = MessageProbe.requestFault(#"["\#(verb)"\#(rest)"#) else {
                Issue.record("\(rest)")
                continue
            }
            #expect(id == SubscriptionID("a"))
            #expect(refusal.prefix == .invalid)
        }
    }

    @Test(arguments: verbs) func `as many filters as the bound are taken, and one more is refused`(_ verb: String) {
        func text(_ count: Int) -> String { #"["\#(verb)","a""# + String(repeating: ",{}", count: count) + "]" }
        let bounds = MessageBounds(filters: 3)
        for count in 1...3 { #expect(MessageProbe.request(text(count), bounds: bounds)?.filters.count == count) }
        let expected = Self.closed("a", .invalid, "a request holds 3 filters at most")
        #expect(MessageProbe.requestFault(text(4), bounds: bounds) == expected)
        #expect(MessageProbe.requestFault(text(100_000), bounds: bounds) == expected)
    }

    @Test(arguments: verbs) func `as many values as the bound are taken over all filters, and one more is refused`(
        _ verb: String
    ) {
        let bounds = MessageBounds(values: 5)
        let three = ##"{"kinds":[1,2],"#t":["a"]}"##
        #expect(
            MessageProbe.request(#"["\#(verb)","a",\#(three),{"kinds":[1,2]}]"#, bounds: bounds)?.filters.count == 2
        )
        let expected = Self.closed("a", .invalid, "the filters hold too many values")
        #expect(MessageProbe.requestFault(#"["\#(verb)","a",\#(three),{"kinds":[1,2,3]}]"#, bounds: bounds) == expected)
        #expect(MessageProbe.requestFault(#"["\#(verb)","a",\#(three),\#(three)]"#, bounds: bounds) == expected)
        #expect(MessageProbe.requestFault(#"["\#(verb)","a",{"kinds":[1,2,3,4,5,6]}]"#, bounds: bounds) == expected)
    }

    @Test func `without being told, a request holds 20 filters and 10,000 values at most`() {
        let bounds = MessageBounds()
        #expect(bounds.filters == 20)
        #expect(bounds.values == 10_000)
        #expect(bounds.subscriptionIDCharacters == 64)
        func text(_ count: Int) -> String {
            ##"["REQ","a",{"#t":["## + (0..<count).map { "\"\($0)\"" }.joined(separator: ",") + "]}]"
        }
        #expect(MessageProbe.request(text(10_000))?.filters.first?.valueCount == 10_000)
        #expect(
            MessageProbe.requestFault(text(10_001)) == Self.closed("a", .invalid, "the filters hold too many values")
        )
    }
}
