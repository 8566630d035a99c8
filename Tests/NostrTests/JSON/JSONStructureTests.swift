import Testing

@testable import Nostr

@Suite struct JSONStructureTests {
    @Test(arguments: [
        "0", "-1.5e+10", "true", "false", "null", #""""#, "[]", "{}", "[[]]", #"{"":{}}"#, " \t\r\n[ 1 , 2 ] \n",
        #"{ "a" : [ true , null ] , "b" : "c" }"#, #"{"a":1,"a":2}"#, "[1,[2,[3,[]]],{}]",
    ])
    func `a JSON value with white space around its parts is accepted`(_ text: String) {
        #expect(JSONProbe.fault(in: text) == nil)
    }

    @Test(arguments: [
        "", " ", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1}", "{1}", #"{"a"}"#, #"{"a":}"#,
        #"{"a" 1}"#, #"{"a":1,}"#, "{a:1}", "{'a':1}", #"{"a":1 "b":2}"#, "[]]", "{}{}", "1 2", "tru", "truex", "True",
        "nul", "NaN", "Infinity", "undefined", "// x", "/**/[]", "[]\0", "\u{C}[]", "\u{A0}[]", "\u{FEFF}[]", ",", ":",
    ])
    func `what is no JSON value is refused`(_ text: String) {
        #expect(JSONProbe.fault(in: text) != nil)
    }

    @Test func `every truncation of a document is refused`() {
        let text = #"{"a":[1,-0.5e+10,"x\u00e9\ud83d\ude00\nä€𝄞",true,false,null,{ }],"b" : {"c":""}}"#
        let bytes = Array(text.utf8)
        #expect(JSONProbe.fault(in: bytes) == nil)
        for count in 0..<bytes.count {
            #expect(JSONProbe.fault(in: Array(bytes[0..<count])) != nil, "\(count) bytes")
        }
    }

    @Test func `what follows a value is reported where it stands`() {
        #expect(JSONProbe.fault(in: "[1] x") == JSONError(offset: 4, reason: .trailingBytes))
        #expect(JSONProbe.fault(in: "[1,?]") == JSONError(offset: 3, reason: .unexpectedByte))
        #expect(JSONProbe.fault(in: "[1,") == JSONError(offset: 3, reason: .unexpectedEnd))
        #expect(JSONProbe.fault(in: "[1,?]")?.description == "unexpected character at byte 3")
    }

    @Test func `values nest 64 deep and no deeper`() {
        func nested(_ depth: Int, open: String = "[", close: String = "]", core: String = "") -> String {
            String(repeating: open, count: depth) + core + String(repeating: close, count: depth)
        }
        #expect(JSONProbe.fault(in: nested(64)) == nil)
        #expect(JSONProbe.fault(in: nested(65))?.reason == .tooDeep)
        #expect(JSONProbe.fault(in: nested(63, core: "1")) == nil)
        #expect(JSONProbe.fault(in: nested(64, core: "1"))?.reason == .tooDeep)
        #expect(JSONProbe.fault(in: nested(63, open: #"{"a":"#, close: "}", core: "{}")) == nil)
        #expect(JSONProbe.fault(in: nested(64, open: #"{"a":"#, close: "}", core: "{}"))?.reason == .tooDeep)
        #expect(JSONProbe.fault(in: nested(32, open: #"[{"a":"#, close: "}]", core: "0"))?.reason == .tooDeep)
        #expect(JSONProbe.fault(in: "[" + String(repeating: nested(63) + ",", count: 100) + "0]") == nil)
    }

    @Test(arguments: ["[", #"{"a":"#, "[{\"\":", "[[],"])
    func `a megabyte of opening brackets is refused without recursion that deep`(_ opening: String) {
        let text = String(repeating: opening, count: 1_048_576 / opening.utf8.count)
        #expect(JSONProbe.fault(in: text)?.reason == .tooDeep)
    }
}
