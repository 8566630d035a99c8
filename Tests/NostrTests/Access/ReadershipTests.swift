import Nostr
import Testing

@Suite struct ReadershipTests {
    private let alice = KeyPair.random()
    private let bob = KeyPair.random()

    private func message(kind: Kind = 4) throws -> Event {
        try #require(
            Event.signed(by: self.alice, kind: kind, tags: [["p", self.bob.publicKey.hex]], createdAt: 1_700_000_000)
        )
    }

    @Test func `a private event is shown to its author and to whom it is addressed`() throws {
        let event = try self.message()
        func mayRead(_ keys: PublicKey...) -> Bool { Readership(privateKinds: [4], keys: Set(keys)).mayRead(event) }
        #expect(mayRead(self.alice.publicKey))
        #expect(mayRead(self.bob.publicKey))
        #expect(!mayRead(KeyPair.random().publicKey))
        #expect(!mayRead())
        #expect(Readership.operator.mayRead(event))
    }

    @Test func `who is not admitted reads nothing, not even what is addressed to him`() throws {
        let reader = Readership(privateKinds: [4], keys: [self.bob.publicKey], isAdmitted: false)
        #expect(!reader.mayRead(try self.message()))
        #expect(!reader.mayRead(try self.message(kind: 1)))
        #expect(reader.isRestricted(1))
    }

    @Test func `keys make no difference where nothing private can match`() {
        let reader = Readership(privateKinds: [4, 1059], keys: [self.bob.publicKey])
        var notes = Filter()
        notes.kinds = [1, 7]
        var messages = Filter()
        messages.kinds = [1, 4]
        #expect(reader.narrowed(to: [notes]).keys.isEmpty)
        #expect(reader.narrowed(to: [notes, messages]) == reader)
        #expect(reader.narrowed(to: [Filter()]) == reader)
        #expect(reader.asksForPrivateOnly([messages]) == false)
        messages.kinds = [4]
        #expect(reader.asksForPrivateOnly([messages]))
        #expect(!reader.asksForPrivateOnly([messages, notes]))
    }
}
