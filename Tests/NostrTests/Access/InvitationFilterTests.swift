import Nostr
import Testing

/// Which filters ask the relay for an invitation (NIP-43).
struct InvitationFilterTests {
    private let relay = KeyPair.random().publicKey
    private static let now: Int64 = 1_700_000_000

    private func asks(_ change: (inout Filter) -> Void) -> Bool {
        var filter = Filter()
        filter.kinds = [1, .invitation]
        change(&filter)
        return filter.asksForInvitation(by: self.relay, at: Self.now)
    }

    @Test func `line 67: it is asked for by its kind`() {
        #expect(self.asks { _ in })
        #expect(self.asks { $0.authors = [KeyPair.random().publicKey, self.relay] })
        #expect(self.asks { $0.limit = 1 })
        #expect(self.asks { ($0.since, $0.until) = (Self.now, Self.now) })
    }

    @Test func `line 67: what none would match asks for none`() throws {
        #expect(!self.asks { $0.kinds = nil })
        #expect(!self.asks { $0.kinds = [.joinRequest] })
        #expect(!self.asks { $0.kinds = [] })
        #expect(!self.asks { $0.authors = [KeyPair.random().publicKey] })
        #expect(!self.asks { $0.authors = [] })
        #expect(!self.asks { $0.ids = [] })
        #expect(!self.asks { $0.limit = 0 })
        #expect(!self.asks { $0.since = Self.now + 1 })
        #expect(!self.asks { $0.until = Self.now - 1 })
        let tagged = try Filter(parsing: ##"{"kinds":[28935],"#t":["x"]}"##)
        #expect(!tagged.asksForInvitation(by: self.relay, at: Self.now))
    }
}
