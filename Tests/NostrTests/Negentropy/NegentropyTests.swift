import TestSupport
import Testing

@testable import Nostr

/// NIP-77: whatever two sides hold, the initiator learns what it lacks and what the other lacks.
@Suite struct NegentropyTests {
    struct Shape: Sendable {
        let common, left, right, seconds: Int
    }

    static let shapes = [
        Shape(common: 0, left: 0, right: 0, seconds: 1), Shape(common: 0, left: 50, right: 0, seconds: 10),
        Shape(common: 0, left: 0, right: 50, seconds: 10), Shape(common: 1, left: 0, right: 0, seconds: 1),
        Shape(common: 31, left: 1, right: 1, seconds: 1), Shape(common: 2_000, left: 0, right: 0, seconds: 500),
        Shape(common: 2_000, left: 3, right: 2, seconds: 5), Shape(common: 1_000, left: 400, right: 300, seconds: 1),
        Shape(common: 3_000, left: 1, right: 2_000, seconds: 90_000),
        Shape(common: 0, left: 700, right: 900, seconds: 1),
        Shape(common: 0, left: 1_500, right: 1, seconds: 60), Shape(common: 3_000, left: 100, right: 0, seconds: 2),
    ]

    @Test(arguments: shapes, [0, 1, 4_096, 60_000])
    func `two sides find exactly what each lacks`(_ shape: Shape, frameBytes: Int) throws {
        var records = RandomRecords(seed: UInt64(shape.common * 7 + shape.left + frameBytes))
        let (left, right) = records.sides(
            common: shape.common,
            left: shape.left,
            right: shape.right,
            seconds: shape.seconds
        )
        let one = Negentropy(NegentropyVector(Array(left)), frameBytes: frameBytes)
        let other = Negentropy(NegentropyVector(Array(right)), frameBytes: frameBytes)
        var (have, need): ([EventID], [EventID]) = ([], [])
        var message: [UInt8]? = one.initiate()
        var rounds = 0
        while let asked = message {
            let answer = try other.respond(to: asked)
            if frameBytes > 0 { #expect(max(asked.count, answer.count) <= max(frameBytes, 4_096)) }
            let findings = try one.reconcile(answer)
            have += findings.have
            need += findings.need
            message = findings.answer
            rounds += 1
            try #require(rounds < 2_000)
        }
        #expect(Set(have) == Set(left.subtracting(right).map(\.id)))
        #expect(Set(need) == Set(right.subtracting(left).map(\.id)))
        guard frameBytes == 0 else { return }
        // Without a frame nothing is told twice.
        #expect(Set(have).count == have.count && Set(need).count == need.count)
        #expect(rounds <= 5)
    }

    @Test(arguments: shapes) func `another implementation agrees, whoever begins`(_ shape: Shape) throws {
        var records = RandomRecords(seed: 77 + UInt64(shape.common + shape.right))
        let (left, right) = records.sides(
            common: shape.common / 2,
            left: shape.left / 2,
            right: shape.right / 2,
            seconds: shape.seconds
        )
        let have = Set(left.subtracting(right).map(\.id.bytes.array))
        let need = Set(right.subtracting(left).map(\.id.bytes.array))
        for (parts, told) in [(2, 0), (3, 10), (16, 31), (40, 100)] {
            let ours = Negentropy(NegentropyVector(Array(left)))
            let theirs = NaivePeer(Array(right), parts: parts, told: told)
            var (had, needed): (Set<[UInt8]>, Set<[UInt8]>) = ([], [])
            var (nothing, none): (Set<[UInt8]>, Set<[UInt8]>) = ([], [])
            var message: [UInt8]? = ours.initiate()
            while let asked = message {
                let answer = try theirs.answer(to: asked, isInitiator: false, have: &nothing, need: &none) ?? [0x61]
                let findings = try ours.reconcile(answer)
                had.formUnion(findings.have.map(\.bytes.array))
                needed.formUnion(findings.need.map(\.bytes.array))
                message = findings.answer
            }
            #expect(had == have && needed == need)

            let asker = NaivePeer(Array(left), parts: parts, told: told)
            let responder = Negentropy(NegentropyVector(Array(right)), frameBytes: parts == 3 ? 4_096 : 0)
            (had, needed) = ([], [])
            message = asker.first()
            while let asked = message {
                let answer = try responder.respond(to: asked)
                message = try asker.answer(to: answer, isInitiator: true, have: &had, need: &needed)
            }
            #expect(had == have && needed == need)
        }
    }

    @Test func `line 88: another version is answered with ours, one byte`() throws {
        let side = Negentropy(NegentropyVector([]))
        for version in UInt8.min ... .max where version != 0x61 {
            #expect(try side.respond(to: [version, 1, 2, 3]) == [0x61])
            #expect(throws: NegentropyError.unsupportedVersion(version)) { try side.reconcile([version]) }
        }
        #expect(try side.respond(to: [0x61]) == [0x61])
        #expect(try side.reconcile([0x61]).answer == nil)
        #expect(throws: NegentropyError.truncated) { try side.respond(to: []) }
    }

    @Test func `line 89: fingerprints, numbers and order are those of the definition`() {
        var records = RandomRecords(seed: 89)
        let items = (0..<300).map { _ in records.item(seconds: 4) }
        let vector = NegentropyVector(items + items)
        let naive = NaivePeer(Array(Set(items)), parts: 2, told: 2)
        #expect(vector.count == Set(items).count)
        #expect((0..<vector.count).map { vector[$0].id.bytes.array } == naive.items.map(\.id))
        for (start, end) in [(0, 0), (0, vector.count), (1, 2), (63, 65), (64, 128), (17, 211), (299, 299)] {
            let range = min(start, vector.count)..<min(end, vector.count)
            let expected = NaivePeer.fingerprint(naive.items[range].map(\.id))
            let found = vector.fingerprint(of: range)
            #expect(withUnsafeBytes(of: (found.first.bigEndian, found.second.bigEndian)) { Array($0) } == expected)
        }
        for number in [0, 1, 127, 128, 16_383, 16_384, 1 << 35, UInt64(Int64.max), .max] {
            var bytes: [UInt8] = []
            bytes.append(negentropyVarint: number)
            #expect(bytes == NaivePeer.varint(number))
            var reader = NegentropyReader(bytes)
            #expect((try? reader.readNumber()) == number)
        }
    }

    @Test func `a sum from which an id is taken is the sum without it`() {
        var records = RandomRecords(seed: 256)
        let ids = (0..<200).map { _ in records.item(seconds: 1).id }
        var (sum, without) = (NegentropySum(), NegentropySum())
        for (index, id) in ids.enumerated() {
            sum += id
            if !index.isMultiple(of: 3) { without += id }
        }
        for index in stride(from: 0, to: ids.count, by: 3) { sum -= ids[index] }
        #expect(sum == without)
    }
}
