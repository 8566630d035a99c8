import TestSupport

@testable import Nostr

/// Batches of few authors, addresses and seconds, in which versions, requests, targets and repetitions meet closely.
struct RandomBatches {
    private static let authors = (0..<3).map { PublicKey.sample($0) }
    private static let kinds: [Kind] = [0, 1, 1, 7, 1_059, 10_002, 30_023, 30_023, 30_024]
    private static let identifiers = ["", "a", "a\"b"]
    private static let digits = ["", "", "0123456789abcdef", "00000000", "ffffffff"]

    var generator: SplitMix64
    /// Everything that was ever in a batch, and some events that are only named.
    private var known: [Event] = []
    private var count = 0
    /// Time passes, so that there is always something to replace.
    private var second: Int64 = 1_000

    init(seed: UInt64) { self.generator = SplitMix64(seed: seed) }

    /// The next batch, of 1 to 50 events.
    mutating func next() -> [Event] {
        if self.generator.once(in: 4) { self.second += 1 }
        let size = self.generator.once(in: 3) ? 1 + self.generator.below(50) : 1 + self.generator.below(6)
        return (0..<size).map { _ in
            let event: Event
            switch self.generator.below(10) {
            case 0...2: event = self.deletion()
            case 3...4: event = self.remembered()
            default: event = self.event()
            }
            self.known.append(event)
            return event
        }
    }

    /// Something that was there before, the more likely the later it was.
    private mutating func remembered() -> Event {
        guard !self.known.isEmpty else { return self.event() }
        let recent = self.generator.once(in: 4) ? self.known.count : min(self.known.count, 30)
        return self.known[self.known.count - 1 - self.generator.below(recent)]
    }

    private mutating func event() -> Event {
        self.count += 1
        let kind = self.generator.pick(Self.kinds)
        var tags: [[String]] = []
        if self.generator.below(5) > 0 { tags.append(["d", self.generator.pick(Self.identifiers)]) }
        if kind == .giftWrap { tags.append(["p", self.generator.pick(Self.authors).hex]) }
        return .sample(
            by: self.generator.pick(Self.authors),
            kind: kind,
            at: self.second + Int64(self.generator.below(4)),
            tags: tags,
            content: self.generator.once(in: 3) ? "" : "\(self.count)",
            id: self.generator.pick(Self.digits)
        )
    }

    /// A request that names up to four things: its author's or a stranger's, there, gone, or yet to come.
    private mutating func deletion() -> Event {
        self.count += 1
        let author = self.generator.pick(Self.authors)
        var tags: [[String]] = []
        for _ in 0...self.generator.below(4) {
            let target = self.generator.once(in: 5) ? self.event() : self.remembered()
            // Once the request has been saved, what it named may arrive.
            self.known.append(target)
            guard target.pubkey == author || self.generator.once(in: 4) else { continue }
            if let address = target.address, self.generator.once(in: 2) {
                let identifier = CanonicalText.decode(address.identifier.span)
                tags.append(["a", "\(address.kind):\(address.pubkey):\(identifier)"])
            } else {
                tags.append(["e", target.id.hex])
            }
        }
        if self.generator.once(in: 10) { tags.append(["a", "5:\(author):"]) }
        if self.generator.once(in: 10) { tags.append(["e", "no id"]) }
        return .sample(
            by: author,
            kind: .deletion,
            at: self.second + Int64(self.generator.below(4)),
            tags: tags,
            content: "\(self.count)"
        )
    }
}
