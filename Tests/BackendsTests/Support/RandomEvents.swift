import Nostr
import TestSupport

/// Events of few authors, kinds, seconds and tag values, so that they meet in every way.
struct RandomEvents {
    static let authors = (0..<5).map { PublicKey.sample($0) }
    static let kinds: [Kind] = [0, 1, 1, 1, 4, 7, 7, 1_059, 10_002, 30_023, 30_024]
    static let letters: [Character] = ["e", "p", "t", "d", "T", "r", "a", "x"]
    static let values = [
        "", "x", "X", "é", "e\u{301}", "a\"b", "\\", "\\\\", "\n", "\0", "/", "😀", "[\"t\",\"x\"]", "x\",\"y",
    ]
    static let longValue = String(repeating: "0123456789abcdef", count: 1_280)
    /// Identifiers of events that are not there, for `e` tags.
    static let references = (0..<4).map { EventID.absent($0).hex }
    static let seconds: ClosedRange<Int64> = 1_000...1_030

    var generator: SplitMix64
    private var count = 0

    init(seed: UInt64) { self.generator = SplitMix64(seed: seed) }

    /// A value of the sort that tags of this letter hold.
    mutating func value(of letter: Character) -> String {
        switch letter {
        case "e": self.generator.pick(Self.references)
        case "p": self.generator.pick(Self.authors).hex
        case "d": self.generator.pick(Self.values[..<4])
        default: self.generator.once(in: 80) ? Self.longValue : self.generator.pick(Self.values)
        }
    }

    mutating func tags() -> [[String]] {
        var tags = (0..<self.generator.below(5)).map { _ in
            let letter = self.generator.pick(Self.letters)
            return [String(letter)] + (0..<self.generator.below(3)).map { _ in self.value(of: letter) }
        }
        if self.generator.once(in: 10) { tags.append(["expiration", "\(self.second())"]) }
        if self.generator.once(in: 10) { tags.append(["emoji", "x"]) }
        return tags
    }

    mutating func second() -> Int64 { Self.seconds.lowerBound + Int64(self.generator.below(31)) }

    /// The digits of an id: often such as share a tie or an index prefix with others.
    private mutating func digits() -> String {
        switch self.generator.below(4) {
        case 0: self.generator.pick(["7fffffff", "80000000", "00000000", "ffffffff"])
        case 1: self.generator.pick(["0123456789abcdef", "0123456789abcdee", "ffffffffffffffff", "0000000000000000"])
        default: ""
        }
    }

    mutating func event() -> Event {
        self.count += 1
        return .sample(
            by: self.generator.pick(Self.authors),
            kind: self.generator.pick(Self.kinds),
            at: self.second(),
            tags: self.tags(),
            content: "\(self.count)",
            id: self.digits()
        )
    }

    /// A request of a random author to vanish, mostly early, so that something is left.
    mutating func farewell() -> Event {
        self.count += 1
        let time = Self.seconds.lowerBound + Int64(self.generator.below(self.generator.once(in: 4) ? 31 : 5))
        let tags = [["relay", "ALL_RELAYS"]]
        return .sample(
            by: self.generator.pick(Self.authors),
            kind: .vanish,
            at: time,
            tags: tags,
            content: "\(self.count)"
        )
    }

    /// A request of a random author to delete some of these events, its own or not.
    mutating func deletion(among events: [Event]) -> Event {
        self.count += 1
        let targets = self.generator.some(3, of: events)
        let addresses = targets.compactMap(\.address).map { address in
            "\(address.kind):\(address.pubkey):\(String(decoding: address.identifier, as: UTF8.self))"
        }
        let author = self.generator.once(in: 4) ? self.generator.pick(Self.authors) : targets[0].pubkey
        let isByAddress = self.generator.once(in: 2)
        return .deletion(
            by: author,
            at: self.second(),
            of: isByAddress ? [] : targets,
            addresses: isByAddress ? addresses : []
        )
    }
}
