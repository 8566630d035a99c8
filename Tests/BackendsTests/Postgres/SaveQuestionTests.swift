import Nostr
import Testing

@testable import Backends

@Suite struct SaveQuestionTests {
    private let author = PublicKey.sample(0)

    private func questions(_ batch: Event...) -> SaveQuestions { SaveQuestions(batch.map { SaveCandidate($0) }) }

    private func key(_ kind: Kind, _ identifier: String, by author: PublicKey? = nil) -> AddressKey {
        AddressKey(Address(kind: kind, pubkey: author ?? self.author, identifier: Array(identifier.utf8)))
    }

    @Test func `an empty batch asks nothing`() {
        let questions = self.questions()
        #expect(questions.ids.isEmpty && questions.targets.isEmpty && questions.addresses.isEmpty)
        #expect(questions.deletedEvents.isEmpty && questions.deletedAddresses.isEmpty)
    }

    @Test func `a note asks for its id and whether its author deleted it`() {
        let note = Event.sample(content: "note")
        let questions = self.questions(note)
        #expect(questions.ids == [note.id])
        #expect(questions.deletedEvents == [AuthoredID(id: note.id, pubkey: self.author)])
        #expect(questions.targets.isEmpty && questions.addresses.isEmpty && questions.deletedAddresses.isEmpty)
    }

    @Test func `a version asks for its address, whose identifier counts for addressable kinds alone`() {
        let questions = self.questions(
            .sample(kind: 0, tags: [["d", "ignored"]]),
            .sample(kind: 30_023, tags: [["d", "x"], ["d", "second"]]),
            .sample(kind: 30_024)
        )
        let keys = [self.key(0, ""), self.key(30_023, "x"), self.key(30_024, "")]
        #expect(questions.addresses == keys)
        #expect(questions.deletedAddresses == keys)
    }

    @Test func `a request asks for what it names, and not whether it was deleted itself`() {
        let target = EventID.absent(1)
        let request = Event.sample(
            kind: .deletion,
            tags: [
                ["e", target.hex], ["a", "30023:\(self.author):x"], ["a", "0:\(self.author):"], ["p", target.hex],
            ]
        )
        let questions = self.questions(request)
        #expect(questions.ids == [request.id])
        #expect(questions.targets == [AuthoredID(id: target, pubkey: self.author)])
        #expect(questions.addresses == [self.key(0, ""), self.key(30_023, "x")])
        #expect(questions.deletedEvents.isEmpty && questions.deletedAddresses.isEmpty)
    }

    @Test func `what a request may not delete, or names badly, is not asked for`() {
        let stranger = PublicKey.sample(1)
        let request = Event.sample(
            kind: .deletion,
            tags: [
                ["a", "30023:\(stranger):x"], ["a", "1:\(self.author):"], ["a", "0:\(self.author):x"],
                ["a", "030023:\(self.author):x"], ["a", ""], ["a"], ["e"], ["e", ""], ["e", "abc"],
                ["e", EventID.absent(1).hex.uppercased()], ["E", EventID.absent(1).hex], ["A", "0:\(self.author):"],
            ]
        )
        let questions = self.questions(request)
        #expect(questions.targets.isEmpty && questions.addresses.isEmpty)
    }

    @Test func `the tags of what is no request are not looked at`() {
        let note = Event.sample(tags: [["e", EventID.absent(1).hex], ["a", "0:\(self.author):"]])
        let questions = self.questions(note)
        #expect(questions.targets.isEmpty && questions.addresses.isEmpty)
    }

    @Test func `nothing is asked twice, and the order of the batch makes no difference`() {
        let notes = (0..<20).map { Event.sample(by: .sample($0 % 3), content: "\($0)") }
        let versions = (0..<20).map { Event.sample(by: .sample($0 % 3), kind: 30_023, at: Int64($0)) }
        let requests = (0..<20).map { number in
            Event.deletion(
                by: .sample(number % 3),
                at: Int64(number),
                of: [notes[0], .sample(content: "elsewhere")],
                addresses: ["30023:\(PublicKey.sample(number % 3)):"]
            )
        }
        let batch = (notes + versions + requests + notes).map { SaveCandidate($0) }
        let questions = SaveQuestions(batch)
        #expect(questions == SaveQuestions(batch.reversed()))
        #expect(questions.ids.count == 60)
        // The note's id is among those that are asked for already.
        #expect(questions.targets.count == 3)
        #expect(questions.addresses.count == 3)
        #expect(questions.deletedEvents.count == 40)
        #expect(questions.deletedAddresses.count == 3)
        #expect(questions.ids == questions.ids.sorted())
        #expect(questions.targets == questions.targets.sorted())
        #expect(questions.addresses == questions.addresses.sorted())
        #expect(questions.deletedEvents == questions.deletedEvents.sorted())
    }
}
