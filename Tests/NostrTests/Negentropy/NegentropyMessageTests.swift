import TestSupport
import Testing

@testable import Nostr

/// Messages of a peer that means no good, or that lost some bytes.
@Suite struct NegentropyMessageTests {
    private static func items(_ count: Int, seed: UInt64) -> [NegentropyItem] {
        var records = RandomRecords(seed: seed)
        return (0..<count).map { _ in records.item(seconds: 50) }
    }

    @Test func `what no message can say is told by name`() {
        let side = Negentropy(NegentropyVector(Self.items(10, seed: 1)))
        let zeros = [UInt8](repeating: 0, count: 32)
        let cases: [([UInt8], NegentropyError)] = [
            ([], .truncated), ([0x61, 0], .truncated), ([0x61, 0, 0], .truncated), ([0x61, 0x81], .truncated),
            ([0x61, 0, 0, 1] + zeros.prefix(15), .truncated), ([0x61, 0, 0, 2], .truncated),
            ([0x61, 0, 0, 2, 1] + zeros.prefix(31), .truncated), ([0x61, 0, 0, 2, 2] + zeros, .truncated),
            ([0x61, 0, 0, 2, 0x8F, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], .truncated),
            ([0x61, 0x80, 0x01], .malformedNumber),
            ([0x61] + [UInt8](repeating: 0xFF, count: 9) + [0x7F], .malformedNumber),
            ([0x61] + [UInt8](repeating: 0xFF, count: 40), .malformedNumber),
            ([0x61, 0, 0, 3], .unknownMode(3)), ([0x61, 0, 0, 0x82, 0], .unknownMode(256)),
            ([0x61, 0, 33] + zeros + [0, 0], .longPrefix(33)), ([0x61, 0, 0x81, 0x00], .longPrefix(128)),
            // A bound before the last one, and times beyond the last one.
            ([0x61, 5, 1, 9, 0, 1, 1, 8, 0], .unordered), ([0x61, 0, 0, 0, 2, 0, 0], .unordered),
        ]
        for (message, error) in cases {
            #expect(throws: error) { try side.respond(to: message) }
            if !message.isEmpty { #expect(throws: error) { try side.reconcile(message) } }
        }
    }

    @Test func `every message that is cut short is understood up to there or refused`() throws {
        let side = Negentropy(NegentropyVector(Self.items(1_000, seed: 2)), frameBytes: 4_096)
        let other = Negentropy(NegentropyVector(Self.items(900, seed: 3)), frameBytes: 4_096)
        let first = side.initiate()
        let second = try other.respond(to: first)
        for (message, isFirst) in [(first, true), (second, false)] {
            for end in 0..<min(message.count, 1_500) {
                let cut = Array(message[..<end])
                do throws(NegentropyError) {
                    _ = isFirst ? try other.respond(to: cut) : try side.reconcile(cut).answer
                } catch {
                    #expect(error == .truncated)
                }
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `a spoilt message is answered or refused, within the frame`(seed: UInt64) throws {
        let vector = NegentropyVector(Self.items(800, seed: 4))
        let side = Negentropy(vector, frameBytes: 4_096)
        let other = Negentropy(NegentropyVector(Self.items(700, seed: 5)))
        var corpus = [side.initiate()]
        corpus.append(try other.respond(to: corpus[0]))
        if let third = try side.reconcile(corpus[1]).answer { corpus.append(third) }
        var mutator = Mutator(seed: seed, corpus: corpus)
        var (answers, errors, long) = (0, 0, 0)
        for _ in 0..<1_000 {
            let input = mutator.next()
            do throws(NegentropyError) {
                let answer = try side.respond(to: input)
                let findings = try side.reconcile(input)
                answers += 1
                if max(answer.count, findings.answer?.count ?? 0) > 4_096 { long += 1 }
                // What is answered can be read.
                _ = try other.reconcile(answer)
            } catch {
                errors += 1
            }
        }
        #expect(answers > 50 && errors > 50)
        #expect(long == 0)
    }

    @Test func `an answer is no longer than its frame, however much is asked`() throws {
        let items = Self.items(5_000, seed: 6)
        let side = Negentropy(NegentropyVector(items), frameBytes: 10_000)
        // Each second on its own, with a fingerprint of nothing or a list of nothing.
        for mode in [[1] + [UInt8](repeating: 0, count: 16), [2, 0]] as [[UInt8]] {
            var message: [UInt8] = [0x61]
            message.append(negentropyVarint: 1_700_000_001)
            message += [0] + mode
            for _ in 0..<60 { message += [2, 0] + mode }
            let answer = try side.respond(to: message)
            #expect(answer.count <= 10_000 && answer.count > 8_000)
        }
    }
}
