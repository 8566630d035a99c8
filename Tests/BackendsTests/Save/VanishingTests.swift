import Nostr
import Testing

@testable import Backends

/// Which events a list of vanished keys hides.
@Suite struct VanishingTests {
    private static let key = PublicKey.sample(1)
    private let vanishing = Vanishing(key, until: 100)

    private static let hidden: [Event] = [
        .sample(by: key, at: 100), .sample(by: key, kind: 5, at: 0), .sample(by: key, kind: 1_059, at: 1),
        .sample(by: .sample(2), kind: 1_059, at: 100, tags: [["x"], ["p", key.hex, "wss://relay.test"]]),
        .sample(by: .sample(2), kind: 1_059, at: 0, tags: [["p", PublicKey.sample(3).hex], ["p", key.hex]]),
    ]
    private static let shown: [Event] = [
        .sample(by: key, at: 101), .sample(by: key, kind: .vanish, at: 1), .sample(by: .sample(2), at: 1),
        .sample(by: .sample(2), kind: 1_059, at: 101, tags: [["p", key.hex]]),
        .sample(by: .sample(2), kind: 1_059, at: 1, tags: [["P", key.hex], ["p"], ["p", key.hex.uppercased()]]),
        .sample(by: .sample(2), kind: 4, at: 1, tags: [["p", key.hex]]),
    ]

    /// What the list says of an event in each of the ways in which it can be asked.
    private func verdicts(on event: Event) -> Set<Bool> {
        let ofJSON = self.vanishing.hides(canonical: event.json.span)
        let ofRow = self.vanishing.hides(canonical: event.json.span, event.kind)
        return [self.vanishing.hides(event), ofJSON, ofRow]
    }

    @Test(arguments: hidden) func `what a key wrote, and gift wraps for it, are hidden`(event: Event) {
        #expect(self.verdicts(on: event) == [true])
    }

    @Test(arguments: shown) func `everything else is shown, and requests to vanish are`(event: Event) {
        #expect(self.verdicts(on: event) == [false])
    }

    @Test func `an empty list hides nothing`() {
        for event in Self.hidden + Self.shown { #expect(!Vanishing().hides(event)) }
    }

    @Test func `of two seconds the later one counts`() {
        var vanishing = Vanishing(Self.key, until: 5)
        vanishing.formUnion(self.vanishing)
        vanishing.add(Self.key, until: 7)
        #expect(vanishing == self.vanishing)
    }
}
