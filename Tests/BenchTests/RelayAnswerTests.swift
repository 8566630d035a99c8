import Testing

@testable import Bench

@Suite("What a relay says")
struct RelayAnswerTests {
    private let id = String(repeating: "0123456789abcdef", count: 4)
    private let prefix: UInt64 = 0x0123_4567_89ab_cdef

    private func read(_ text: String) -> RelayAnswer? {
        let bytes = Array(text.utf8)
        return RelayAnswer(bytes.span)
    }

    private func glance(_ text: String, needsTime: Bool = true) -> EventGlance? {
        let bytes = Array(text.utf8)
        guard case .event(let start) = RelayAnswer(bytes.span) else { return nil }
        return EventGlance(bytes.span, at: start, needsTime: needsTime)
    }

    private func text(_ message: String, _ range: Range<Int>) -> String {
        String(decoding: Array(message.utf8)[range], as: UTF8.self)
    }

    @Test("is understood with spaces anywhere", arguments: [(",", "["), (" , ", " [ "), ("\n,\t", "\r\n[")])
    func spaces(comma: String, bracket: String) {
        let message = ["\(bracket)\"OK\"", "\"\(self.id)\"", "true", "\"duplicate: yes\" ]"].joined(separator: comma)
        guard case .ok(let id, let isAccepted, let reason) = self.read(message) else {
            Issue.record("\(message)")
            return
        }
        #expect(id == self.prefix && isAccepted)
        #expect(self.text(message, reason) == "duplicate: yes")
    }

    @Test("may lack the reason of an OK")
    func noReason() {
        #expect(self.read(#"["OK","\#(self.id)",false]"#) == .ok(id: self.prefix, isAccepted: false, reason: 0..<0))
    }

    @Test("keeps a reason's escapes from ending it")
    func escapes() {
        let message = #"["OK","\#(self.id)",false,"error: \"quoted\\\" \\"]"#
        guard case .ok(_, let isAccepted, let reason) = self.read(message) else {
            Issue.record("no OK")
            return
        }
        #expect(!isAccepted)
        #expect(self.text(message, reason) == #"error: \"quoted\\\" \\"#)
    }

    @Test("names a subscription where it answers one")
    func subscriptions() {
        let closed = #"["CLOSED", "s1", "error: no"]"#
        guard case .closed(let name, let reason) = self.read(closed),
            case .endOfStored(let other) = self.read(#"["EOSE","a]b"]"#)
        else {
            Issue.record("not understood")
            return
        }
        #expect(self.text(closed, name) == "s1" && self.text(closed, reason) == "error: no")
        #expect(self.text(#"["EOSE","a]b"]"#, other) == "a]b")
    }

    @Test("may be of other sorts", arguments: [#"["AUTH","x"]"#, #"["COUNT","s",{"count":3}]"#, #"["X"]"#, #"[""]"#])
    func others(message: String) {
        #expect(self.read(message) == .other)
    }

    @Test("shows an event's id and time in any order, whatever stands in between")
    func order() {
        let fields = [
            #""id":"\#(self.id)""#, #""created_at": 1700000000"#, #""content":"{\"id\":\"no\"} \\""#, #""kind" : 1"#,
            #""tags":[["e","x"],["id","]"],[]]"#, #""x":{"id":"no","created_at":5,"a":[{}]}"#,
            #""y":null"#, #""z":-1.5e3"#,
        ]
        for rotation in fields.indices {
            let body = (fields[rotation...] + fields[..<rotation]).joined(separator: " , ")
            let expected = EventGlance(id: self.prefix, createdAt: 1_700_000_000)
            #expect(self.glance(#"["EVENT","s\"]",{ \#(body) }]"#) == expected, "\(rotation)")
        }
    }

    @Test("shows nothing of an event that has no id or no time")
    func missing() {
        #expect(self.glance(#"["EVENT","s",{}]"#) == EventGlance(id: nil, createdAt: nil))
        #expect(self.glance(#"["EVENT","s",{"id":"short","created_at":-5}]"#) == EventGlance(id: nil, createdAt: nil))
        #expect(self.glance(#"["EVENT","s",7]"#) == EventGlance(id: nil, createdAt: nil))
        let late = #"["EVENT","s",{"id":"\#(self.id)","created_at":99999999999999999999}]"#
        #expect(self.glance(late) == EventGlance(id: self.prefix, createdAt: nil))
    }

    @Test("is nothing where it breaks off, wherever it does")
    func brokenOff() {
        let message = #"["EVENT","s",{"id":"\#(self.id)","tags":[["e","\u0041"]],"created_at":17,"content":"\\"}]"#
        for length in 0..<message.utf8.count {
            let bytes = Array(message.utf8.prefix(length))
            guard case .event(let start) = RelayAnswer(bytes.span) else { continue }
            let glance = EventGlance(bytes.span, at: start, needsTime: true)
            #expect(glance.id == nil || glance.id == self.prefix)
        }
        let bits = [
            "", "[", "]", "{}", "[1]", "\"", #"["OK""#, #"["OK","\#(self.id)"]"#, #"["OK","zz",true]"#, #"["\"#,
        ]
        for text in bits {
            #expect(self.read(text) == nil || self.read(text) == .other, "\(text)")
        }
    }

    @Test("may be any bytes")
    func hostile() {
        var random = SeededGenerator(seed: 3)
        let alphabet = Array("[]{}\",:\\ 0123tf".utf8) + [0x00, 0xFF]
        for _ in 0..<20_000 {
            let start = [#"["EVENT","s",{"#, #"["OK",""#, "[\"", ""][random.below(4)]
            let bytes = Array(start.utf8) + (0..<random.below(40)).map { _ in alphabet[random.below(alphabet.count)] }
            guard case .event(let start) = RelayAnswer(bytes.span) else { continue }
            _ = EventGlance(bytes.span, at: start, needsTime: true)
        }
    }
}
