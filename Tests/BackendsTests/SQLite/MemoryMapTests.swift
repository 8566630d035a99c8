import Nostr
import TestSupport
import Testing

@testable import Backends

/// A reader that maps the file sees what any other reader sees, whatever happens to the file meanwhile.
@Suite struct MemoryMapTests {
    private static func store(_ folder: TemporaryFolder, mapped bytes: Int) -> SQLiteStore {
        SQLiteStore(path: folder.path("events.db"), pageCacheBytes: 0, memoryMapBytes: bytes)
    }

    /// An event that fills some pages of the file.
    private static func event(_ number: Int, _ random: inout SplitMix64) -> Event {
        .sample(
            by: .sample(number % 5),
            kind: random.pick([1, 7, 10_002]),
            at: Int64(1_000 + number / 3),
            tags: [["t", "\(number % 4)"]],
            content: String(repeating: "\(number) ", count: random.pick([1, 20, 900, 4_000]))
        )
    }

    private static let queries: [[Filter]] = [
        [Filter()], [.sample(kinds: [7])], [.sample(tags: ["t": ["1", "2"]])],
        [.sample(authors: [.sample(1), .sample(2)], kinds: [1, 10_002], limit: 40)],
    ]

    @Test(arguments: [1 << 30, 300_000] as [Int], [51, 52] as [UInt64])
    func `a mapped reader answers as one that is not, while the file grows, shrinks and its journal is folded in`(
        mapped: Int,
        seed: UInt64
    ) throws {
        var random = SplitMix64(seed: seed)
        let folder = try TemporaryFolder()
        let writer = try Self.store(folder, mapped: 0).openWriter()
        let plain = try Self.store(folder, mapped: 0).openReader()
        let reader = try #require(try Self.store(folder, mapped: mapped).openReader() as? SQLiteReader)
        #expect(try reader.database.number("PRAGMA mmap_size") == Int64(mapped))
        let stranger = try Database(path: folder.path("events.db"), mode: .write)
        var number = 0
        for step in 0..<120 {
            switch random.below(6) {
            case 0: try stranger.execute("PRAGMA wal_checkpoint(\(random.pick(["PASSIVE", "FULL", "TRUNCATE"])))")
            case 1:
                let positions = try plain.pages(of: .everything()).flatMap(\.positions)
                guard !positions.isEmpty else { continue }
                _ = try writer.remove(positions: random.some(positions.count / 2, of: positions))
            case 2 where step % 4 == 0: try stranger.execute("VACUUM")
            default:
                _ = try writer.save((0..<12).map { Self.event(number + $0, &random) })
                number += 12
            }
            let filters = random.pick(Self.queries)
            let expected = try plain.pages(of: .of(filters)).flatMap(\.events)
            #expect(try reader.pages(of: .of(filters)).flatMap(\.events) == expected, "seed \(seed), step \(step)")
            // Half an answer each: what one has begun the other goes on with.
            let (page, rest) = try reader.nextPage(of: .of(filters), bounds: PageBounds(events: 5))
            _ = try writer.save([Self.event(number, &random)])
            number += 1
            let more = page.isLast ? [] : try plain.pages(of: rest).flatMap(\.positions)
            let other = page.isLast ? [] : try reader.pages(of: rest).flatMap(\.positions)
            #expect(more == other)
        }
        #expect(try stranger.number("SELECT integrity_check = 'ok' FROM pragma_integrity_check") == 1)
    }

    @Test func `mapped readers see whole batches of whole events while one writes and others fold the journal in`()
        async throws
    {
        let folder = try TemporaryFolder()
        let writer = try Self.store(folder, mapped: 0).openWriter()
        var random = SplitMix64(seed: 53)
        let batches = (0..<80).map { batch in
            (0..<5).map { number in
                Event.sample(
                    at: Int64(batch),
                    content: "\(number)" + String(repeating: "x", count: random.below(6_000))
                )
            }
        }
        let texts = Dictionary(uniqueKeysWithValues: batches.joined().map { ($0.id, $0.json) })
        let path = folder.path("events.db")
        let stores = (Self.store(folder, mapped: 1 << 30), Self.store(folder, mapped: 200_000))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for store in [stores.0, stores.1] {
                group.addTask { @concurrent in
                    let reader = try store.openReader()
                    var count = 0
                    while count < 400 {
                        let events = try reader.pages(of: .everything(), bounds: PageBounds(events: 33))
                            .flatMap(\.events)
                        #expect(events.count.isMultiple(of: 5) && events.count >= count)
                        #expect(events.allSatisfy { texts[$0.id] == $0.json })
                        count = events.count
                    }
                }
            }
            group.addTask { @concurrent in
                let stranger = try Database(path: path, mode: .write)
                for mode in (0..<60).map({ ["PASSIVE", "RESTART", "TRUNCATE"][$0 % 3] }) {
                    try? stranger.execute("PRAGMA wal_checkpoint(\(mode))")
                }
            }
            for batch in batches { _ = try writer.save(batch) }
            try await group.waitForAll()
        }
    }
}
