import Nostr
import Testing

@testable import Backends

@Suite struct RecordTextTests {
    private func record(_ value: [UInt8]?, key: String = "k") -> Record {
        Record(section: "member", key: key, value: value, revision: 3)
    }

    private func text(_ record: Record) -> String {
        var text: [UInt8] = []
        RecordText.append(record, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    @Test func `a record has the form that is documented`() {
        let begin = #"{"record":{"section":"member","key":"k","revision":3"#
        #expect(self.text(self.record(nil)) == begin + "}}")
        #expect(self.text(self.record(Array("null".utf8))) == begin + #","value":null}}"#)
        #expect(self.text(self.record([0x00, 0xFF])) == begin + #","bytes":"00ff"}}"#)
        #expect(self.text(self.record([])) == begin + #","bytes":""}}"#)
    }

    @Test(arguments: [
        "", "null", "1", "-0.50e+7", "[]", "{}", "\"x\"", " 1", "1,2", "1],[2", "]", "{\"b\":1,\"a\":2}",
        "{\"a\":1,\"a\":2}", #"{"a":[1,{"b":"\n\u0001é\""}]}"#, #""\u00e9""#, "1\n2", "\u{2028}", "\"\u{0}\"",
        #"}},"revision":9"#,
    ])
    func `whatever the value is, it comes back byte by byte in one line`(value: String) throws {
        let record = self.record(Array(value.utf8))
        let line = Array(self.text(record).utf8)
        #expect(!line.contains(UInt8(ascii: "\n")))
        #expect(try RecordText.parse(line) == record)
        for length in 0..<line.count {
            #expect(throws: RecordFlaw.self) { try RecordText.parse(Array(line[..<length])) }
        }
    }

    @Test func `values that are deep, long or no text come back`() throws {
        let deep = Array((String(repeating: "[", count: 63) + String(repeating: "]", count: 63)).utf8)
        let long = Array("\"".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 3 << 20) + Array("\"".utf8)
        for value in [deep, long, Array(0...255), [UInt8](repeating: 0xC0, count: 1_000)] {
            #expect(try RecordText.parse(Array(self.text(self.record(value)).utf8)) == self.record(value))
        }
    }

    @Test(arguments: ["", "\"\\\n\t", "燕 \u{1F426}", "'; DROP TABLE record; --", String(repeating: "x", count: 2_048)])
    func `keys may hold any text`(key: String) throws {
        let record = self.record([1], key: key)
        #expect(try RecordText.parse(Array(self.text(record).utf8)) == record)
    }

    private static let wrong: [(String, RecordFlaw)] = [
        (#"{"record":"#, .form), (#"{"record":{}}"#, .section), (#"{"record":null}"#, .section),
        (#"{"record":{"section":5,"key":"k","revision":1}}"#, .section),
        (#"{"record":{"section":"","key":"k","revision":1}}"#, .section),
        (#"{"record":{"section":"Member","key":"k","revision":1}}"#, .section),
        (#"{"record":{"section":"a b","key":"k","revision":1}}"#, .section),
        (#"{"record":{"section":"\#(String(repeating: "x", count: 65))","key":"k","revision":1}}"#, .section),
        (#"{"record":{"section":"member","key":null,"revision":1}}"#, .key),
        (#"{"record":{"section":"member","key":"\u0000","revision":1}}"#, .key),
        (#"{"record":{"section":"member","key":"\#(String(repeating: "x", count: 2_049))","revision":1}}"#, .key),
        (#"{"record":{"section":"member","key":"k"}}"#, .revision),
        (#"{"record":{"section":"member","key":"k","revision":"1"}}"#, .revision),
        (#"{"record":{"section":"member","key":"k","revision":0}}"#, .revision),
        (#"{"record":{"section":"member","key":"k","revision":-1}}"#, .revision),
        (#"{"record":{"section":"member","key":"k","revision":1.5}}"#, .revision),
        (#"{"record":{"section":"member","key":"k","revision":9007199254740993}}"#, .revision),
        (#"{"record":{"section":"member","key":"k","revision":99999999999999999999}}"#, .revision),
        (#"{"record":{"section":"member","key":"k","revision":1,"bytes":5}}"#, .value),
        (#"{"record":{"section":"member","key":"k","revision":1,"bytes":"0"}}"#, .value),
        (#"{"record":{"section":"member","key":"k","revision":1,"bytes":"0G"}}"#, .value),
        (#"{"record":{"section":"member","key":"k","revision":1,"bytes":"FF"}}"#, .value),
        (#"{"record":{"section":"member","key":"k","revision":1,"value":1,"bytes":"00"}}"#, .form),
        (#"{"record":{"section":"member","key":"k","revision":1,"bytes":"31"}}"#, .form),
        (#"{"record":{"section":"member","key":"k","revision":01}}"#, .form),
        (#"{"record":{"section":"member","key":"k","revision":1}} "#, .form),
        (#"{"record":{"key":"k","section":"member","revision":1}}"#, .form),
        (#"{"record":{"section":"member","key":"k","revision":1,"more":1}}"#, .form),
        (#"{"record":{"section":"member","key":"k","revision":1},"more":1}"#, .form),
        (#"{"record":{"section":"member","key":"k","revision":1,"value":{"b":1,"a":1}}}"#, .form),
    ]

    @Test(arguments: Self.wrong)
    func `anything else is no record, and what is wrong with it is told`(line: String, flaw: RecordFlaw) {
        #expect(throws: flaw) { try RecordText.parse(Array(line.utf8)) }
        #expect(SnapshotLine(parsing: Array(line.utf8)) == nil)
    }

    @Test func `a huge value is no record`() {
        let text = String(repeating: "x", count: RecordFlaw.maximumValueBytes)
        let line = #"{"record":{"section":"member","key":"k","revision":1,"value":"\#(text)"}}"#
        #expect(throws: RecordFlaw.value) { try RecordText.parse(Array(line.utf8)) }
    }

    @Test func `a section that nobody knows is carried`() throws {
        let record = Record(section: "some_later_thing", key: "k", value: [0x31], revision: 1)
        #expect(try RecordText.parse(Array(self.text(record).utf8)) == record)
    }
}
