import Nostr
import Testing

@testable import Peers

@Suite("A window of unanswered events")
struct UploadWindowTests {
    private func window(events: Int = 4, pauses: Int = 3) -> UploadWindow {
        var limits = UploadWindow.Limits()
        limits.events = events
        limits.pauses = pauses
        return UploadWindow(limits: limits)
    }

    @Test("has room until so many are unanswered, and again with each answer")
    func isBounded() {
        var window = self.window()
        let events = notes(at: Array(1...5))
        for event in events.prefix(4) {
            #expect(window.hasRoom(at: 0))
            expect(window.admit(event))
        }
        #expect(!window.hasRoom(at: 0))
        expect(window.answered(events[0].id, isAccepted: true, text: "", at: 0) == UploadWindow.Effect.none)
        #expect(window.hasRoom(at: 0))
        #expect(!window.isDrained)
        #expect(window.unansweredCount == 3)
    }

    @Test("is bounded in bytes too")
    func isBoundedInBytes() {
        var limits = UploadWindow.Limits()
        limits.bytes = 1
        var window = UploadWindow(limits: limits)
        expect(window.admit(notes(at: [1])[0]))
        #expect(!window.hasRoom(at: 0))
    }

    @Test("counts what was accepted, known and refused, with the reasons")
    func counts() {
        var window = self.window(events: 10)
        let events = notes(at: Array(1...5))
        for event in events { expect(window.admit(event)) }
        let answers: [(Bool, String)] = [
            (true, ""), (true, "duplicate: have it"), (false, "duplicate: have it"), (false, "blocked: no"),
            (false, "blocked: no"),
        ]
        for (event, answer) in zip(events, answers) {
            _ = window.answered(event.id, isAccepted: answer.0, text: answer.1, at: 0)
        }
        #expect(window.isDrained)
        #expect(window.counts.sent == 5)
        #expect(window.counts.accepted == 1)
        #expect(window.counts.duplicate == 2)
        #expect(window.counts.refused.counts == ["blocked: no": 2])
    }

    @Test("takes no answer twice, and none that nobody asked for")
    func ignoresStrangers() {
        var window = self.window()
        let events = notes(at: [1, 2])
        expect(window.admit(events[0]))
        expect(!window.admit(events[0]))
        expect(window.answered(events[1].id, isAccepted: true, text: "", at: 0) == nil)
        expect(window.answered(events[0].id, isAccepted: true, text: "", at: 0) != nil)
        expect(window.answered(events[0].id, isAccepted: true, text: "", at: 0) == nil)
        #expect(window.counts.accepted == 1)
    }

    @Test("pauses where the relay limits the rate, longer each time, and sends again")
    func slowsDown() {
        var window = self.window(events: 4)
        let events = notes(at: [1, 2])
        for event in events { expect(window.admit(event)) }
        for event in events {
            let effect = window.answered(event.id, isAccepted: false, text: "rate-limited: slow", at: 100)
            #expect(effect == UploadWindow.Effect.none)
        }
        #expect(window.pause(at: 100) == 1)
        #expect(!window.hasRoom(at: 100))
        expect(window.due(at: 100) == [])
        #expect(window.pause(at: 101) == nil)
        #expect(!window.hasRoom(at: 101))
        expect(window.due(at: 101).count == 2)
        _ = window.answered(events[0].id, isAccepted: false, text: "rate-limited: slow", at: 101)
        #expect(window.pause(at: 101) == 2)
        _ = window.answered(events[1].id, isAccepted: true, text: "", at: 102)
        expect(window.due(at: 103) == [events[0]])
        _ = window.answered(events[0].id, isAccepted: false, text: "rate-limited: slow", at: 103)
        #expect(window.pause(at: 103) == 1)
    }

    @Test("gives up where no pause helps")
    func givesUp() {
        var window = self.window(pauses: 3)
        let event = notes(at: [1])[0]
        expect(window.admit(event))
        var now: Int64 = 0
        for pause in 1...4 {
            let effect = window.answered(event.id, isAccepted: false, text: "rate-limited: no", at: now)
            #expect(effect == (pause <= 3 ? UploadWindow.Effect.none : .giveUp(text: "rate-limited: no")))
            now += 60
            _ = window.due(at: now)
        }
    }

    @Test("asks for an authentication once an event, and sends it again or counts it")
    func authenticates() {
        var window = self.window()
        let events = notes(at: [1, 2])
        for event in events { expect(window.admit(event)) }
        let text = "auth-required: who are you"
        expect(window.answered(events[0].id, isAccepted: false, text: text, at: 0) == .authenticate(text: text))
        expect(window.due(at: 0) == [events[0]])
        expect(window.answered(events[0].id, isAccepted: false, text: text, at: 0) == UploadWindow.Effect.none)
        expect(window.answered(events[1].id, isAccepted: false, text: text, at: 0) == .authenticate(text: text))
        window.authenticationFailed(text)
        #expect(window.isDrained)
        #expect(window.counts.refused.counts == [text: 2])
    }

    @Test("tells so many reasons apart, and shows no control characters")
    func boundsReasons() {
        var reasons = ReasonCounts()
        for number in 0..<1_000 { reasons.add("blocked: \u{1B}[2J\n\(number)") }
        #expect(reasons.total == 1_000)
        #expect(reasons.counts.count <= 33)
        #expect(reasons.lines("refused").allSatisfy { !$0.contains("\u{1B}") && !$0.contains("\n") })
        reasons.add(String(repeating: "x", count: 100_000))
        #expect(reasons.lines("refused").allSatisfy { $0.count < 300 })
    }
}
