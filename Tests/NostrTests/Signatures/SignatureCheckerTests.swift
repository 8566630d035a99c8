import TestSupport
import Testing

@testable import Nostr

/// The checker that remembers keys says what a check without memory says.
@Suite struct SignatureCheckerTests {
    private static func signed(by pair: KeyPair, _ content: String) throws -> Event {
        try #require(Event.signed(by: pair, kind: 1, content: content, createdAt: 1_700_000_000))
    }

    /// The event with another signature, or another digit of it.
    private static func forged(_ event: Event, using random: inout SplitMix64) throws -> Event {
        var json = event.json
        let index = json.count - 130 + random.below(128)
        json[index] = json[index] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
        return try Event(parsing: json.span)
    }

    /// Events whose keys are no points, of a signature that is right for another key.
    private static func offCurve(_ number: Int) throws -> Event {
        let keys = [
            "eefdea4cdb677750a420fee807eacf21eb9898ae79b9768766e4faa04a2d4a34",
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc30",
            String(repeating: "f", count: 64), String(repeating: "0", count: 64),
        ]
        var text = EventText(content: "\"\(number)\"")
        text["pubkey"] = "\"\(keys[number % keys.count])\""
        text.seal()
        return try text.parsed()
    }

    @Test(arguments: [0, 1, 3, 20_000], [31, 32, 33] as [UInt64])
    func `a checker says of every event what a look at it alone says`(maximumKeys: Int, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let pairs = (0..<8).map { _ in KeyPair.random(using: &random) }
        var events: [Event] = []
        for number in 0..<40 {
            let event = try Self.signed(by: random.pick(pairs), "\(number)")
            events.append(event)
            events.append(try Self.forged(event, using: &random))
            if number.isMultiple(of: 4) { events.append(try Self.offCurve(number / 4)) }
        }
        let verdicts = events.map(\.hasValidSignature)
        #expect(verdicts.filter { $0 }.count == 40)
        var checker = SignatureChecker(maximumKeys: maximumKeys)
        for _ in 0..<400 {
            let index = random.below(events.count)
            let isValid = checker.isValid(events[index])
            #expect(isValid == verdicts[index], "seed \(seed), event \(index)")
        }
        let again = events.map { checker.isValid($0) }
        #expect(again == verdicts)
    }

    @Test func `another author's signature does not verify, whichever of the two keys is known`() throws {
        var random = SplitMix64(seed: 34)
        let pairs = (0..<2).map { _ in KeyPair.random(using: &random) }
        let event = try Self.signed(by: pairs[0], "mine")
        let forgery = try #require(pairs[1].sign(event.id))
        let kept = String(decoding: event.json[..<(event.json.count - 130)], as: UTF8.self)
        let stolen = try Event(parsing: Array("\(kept)\(Hex.string(forgery.array))\"}".utf8).span)
        var checker = SignatureChecker()
        let other = try Self.signed(by: pairs[1], "other")
        let verdicts = [stolen, event, stolen, other, stolen, event].map { checker.isValid($0) }
        #expect(verdicts == [false, true, false, true, false, true])
    }
}
