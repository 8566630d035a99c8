import Nostr
import TestSupport
import Testing

@testable import Backends

/// Random counts of random events, against a plain filter over all of them.
@Suite struct RandomCountTests {
    @Test(arguments: Backend.allCases, [20_261_101, 20_261_102] as [UInt64])
    func `a count is the number of events that a query without limits shows`(backend: Backend, seed: UInt64) throws {
        let store = try TestStore(backend)
        var random = RandomEvents(seed: seed)
        var model = SaveModel()
        for _ in 0..<8 {
            var batch = (0..<100).map { _ in random.event() }
            batch.append(random.deletion(among: batch))
            for event in batch { _ = model.save(event) }
            _ = try store.writer.save(batch)
        }
        let reference = QueryModel(model.stored)
        let events = Dictionary(uniqueKeysWithValues: model.stored.map { ($0.id, $0) })
        var filters = RandomFilters(seed: seed &+ 1, for: model.stored)
        var counted = 0
        for number in 0..<backend.rounds(800) {
            let request = Self.request(&filters)
            let unlimited = request.filters.map { filter in
                var filter = filter
                filter.limit = nil
                return filter
            }
            let expected = reference.answer(unlimited, readership: request.readership, now: request.now)
            let answer = try store.reader.answer(
                to: StoredCount(request.filters, readership: request.readership, now: request.now),
                bounds: request.bounds
            )
            try #require(answer.count == expected.count, "seed \(seed), count \(number): \(request)")
            #expect(!answer.isApproximate)
            let authors = expected.compactMap { events[$0]?.pubkey }
            try #require(answer.sketch?.registers == PlainSketch.registers(of: authors, for: request.filters))
            counted += answer.count
        }
        #expect(counted > backend.rounds(10_000), "the sample must count events")
    }

    private struct Request {
        var filters: [Filter]
        var readership: Readership
        var now: Int64
        var bounds: PageBounds
    }

    private static func request(_ random: inout RandomFilters) -> Request {
        let keys = Set(random.generator.some(2, of: RandomEvents.authors))
        let readers: [Readership] = [
            .operator, Readership(privateKinds: [4, 1_059]), Readership(privateKinds: [4, 1_059], keys: keys),
            Readership(privateKinds: [1, 7], keys: keys), Readership(privateKinds: []),
            Readership(privateKinds: [4], keys: keys, isOperator: true),
        ]
        let small = PageBounds(
            events: random.generator.pick([1, 7, 250]),
            bytes: random.generator.pick([1, 1_000, 100_000]),
            rows: random.generator.pick([1, 3, 20, 1_000]),
            deadline: random.generator.once(in: 2) ? .now : nil
        )
        // Many filters are of one condition, so that they are counted by an index.
        let isPlain = random.generator.once(in: 2)
        return Request(
            filters: (0..<1 + random.generator.below(3)).map { _ in
                isPlain ? Self.plain(&random) : random.filter()
            },
            readership: random.generator.pick(readers),
            now: random.generator.pick([.min, 1_010, 1_020, .max]),
            bounds: random.generator.once(in: 3) ? small : PageBounds()
        )
    }

    private static func plain(_ random: inout RandomFilters) -> Filter {
        var filter = random.filter()
        filter.ids = nil
        filter.tags = []
        return filter
    }
}

/// The registers of NIP-45 written down once more, digit by digit.
enum PlainSketch {
    static func registers(of authors: [PublicKey], for filters: [Filter]) -> [UInt8]? {
        guard filters.count == 1, let value = filters[0].tags.first?.values.first else { return nil }
        let text = CanonicalTextProbe.decoded(value)
        let isHex = { (text: Substring) in
            text.utf8.count == 64 && text.allSatisfy { "0123456789abcdef".contains($0) }
        }
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        var reference = SHA256.digest(Array(text.utf8)).hex
        if isHex(text[...]) { reference = text }
        if parts.count == 3, isHex(parts[1]), !parts[0].isEmpty, parts[0].allSatisfy("0123456789".contains) {
            reference = String(parts[1])
        }
        let offset = (Array(reference)[32].hexDigitValue ?? 0) + 8
        var registers = [UInt8](repeating: 0, count: 256)
        // An author counts once, however much they have written.
        for author in Set(authors) {
            let bits = author.hex.flatMap { digit in
                let value = digit.hexDigitValue ?? 0
                return [value & 8, value & 4, value & 2, value & 1].map { $0 != 0 }
            }
            let register = bits[(offset * 8)..<(offset * 8 + 8)].reduce(0) { $0 * 2 + ($1 ? 1 : 0) }
            let zeros = bits[(offset * 8 + 8)...].prefix { !$0 }.count
            registers[register] = max(registers[register], UInt8(zeros + 1))
        }
        return registers
    }
}
