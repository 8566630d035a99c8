import Nostr
import Testing

@testable import Actors
@testable import Backends

@Suite struct ResultCacheTests {
    private static let nobody = Readership(privateKinds: [4])

    private static func query(_ filter: Filter = Filter(), default limit: Int = 500) -> StoredQuery {
        StoredQuery([filter], limit: (limit, 1_000), readership: Self.nobody, now: 0)
    }

    /// A query that no other number gives.
    private static func query(_ number: Int) -> StoredQuery {
        var filter = Filter()
        filter.since = Int64(number)
        return self.query(filter)
    }

    /// A page of these texts, whatever they are.
    private static func page(_ texts: String..., expiresAt: Int64? = nil, isLast: Bool = true) -> EventPage {
        var page = EventPage()
        for (index, text) in texts.enumerated() {
            let bytes = Array(text.utf8)
            page.append(
                StoredRow(json: bytes.span, kind: 1, expiresAt: expiresAt, transaction: 1),
                position: Int64(index + 1)
            )
        }
        page.isLast = isLast
        return page
    }

    private final class Cache {
        private var cache: ResultCache

        init(bytes: Int = 1 << 20) throws { self.cache = try #require(ResultCache(maximumBytes: bytes)) }

        /// Asks, and where there is no answer reads and offers this page, as `QuickReader` does.
        @discardableResult
        func ask(_ query: StoredQuery, _ page: EventPage, at version: Int64 = 1, now: Int64 = 0) -> [UInt8]? {
            if let page = self.answer(query, at: version, now: now) { return page.bytes }
            self.keep(page, query, at: version)
            return nil
        }

        func answer(_ query: StoredQuery, at version: Int64 = 1, now: Int64 = 0) -> EventPage? {
            self.cache.answer(to: query.key, at: version, now: now)?.0
        }

        func keep(_ page: EventPage, _ query: StoredQuery, at version: Int64) {
            self.cache.keep(page, query, for: query.key, at: version)
        }
    }

    @Test func `an answer is kept when it is asked for the second time, and given from the third on`() throws {
        let cache = try Cache()
        let answers = (0..<4).map { _ in cache.ask(Self.query(), Self.page("a")) }
        #expect(answers == [nil, nil, Array("a".utf8), Array("a".utf8)])
        #expect(ResultCache(maximumBytes: nil) == nil)
    }

    @Test func `answers are gone when the database has changed, be it back to a version of before`() throws {
        let cache = try Cache()
        for version in [7, 8, 7, 3] as [Int64] {
            let text = "\(version)"
            cache.ask(Self.query(), Self.page("first"), at: 100 + version)
            #expect(cache.ask(Self.query(), Self.page(text), at: version) == nil)
            #expect(cache.ask(Self.query(), Self.page("never"), at: version) == Array(text.utf8))
        }
    }

    @Test func `what was read for a version that is over is not kept`() throws {
        let cache = try Cache()
        #expect(cache.answer(Self.query()) == nil)
        for _ in 0..<3 { cache.keep(Self.page("old"), Self.query(), at: 0) }
        #expect(cache.answer(Self.query()) == nil)
        #expect(cache.answer(Self.query(), at: 0) == nil)
    }

    @Test func `an answer ends with the second in which one of its events expires`() throws {
        let cache = try Cache()
        let query = Self.query()
        for _ in 0..<2 { cache.ask(query, Self.page("a", "b", expiresAt: 50), now: 49) }
        #expect(cache.answer(query, now: 49) != nil)
        #expect(cache.answer(query, now: 50) == nil)
        #expect(cache.ask(query, Self.page("later"), now: 50) == nil)
        #expect(cache.ask(query, Self.page("never"), now: 50) == Array("later".utf8))
    }

    @Test func `an answer of several pages is not kept`() throws {
        let cache = try Cache()
        for _ in 0..<4 { #expect(cache.ask(Self.query(), Self.page("a", isLast: false)) == nil) }
    }

    @Test func `limits, readers, direction and filters tell queries apart, and the time does not`() throws {
        var other = Filter()
        other.kinds = [1]
        var limited = Filter()
        limited.limit = 3
        let key = Make.alice.publicKey
        let readers = [
            Self.nobody, Readership(privateKinds: []), Readership(privateKinds: [4], keys: [key]), .operator,
        ]
        var queries = readers.map { StoredQuery([Filter()], limit: (500, 1_000), readership: $0, now: 0) }
        queries += [Self.query(other), Self.query(limited), Self.query(default: 7)]
        queries.append(StoredQuery([Filter()], limit: nil, readership: Self.nobody, now: 0))
        queries.append(StoredQuery([Filter(), other], limit: (500, 1_000), readership: Self.nobody, now: 0))
        queries.append(StoredQuery([other, Filter()], limit: (500, 1_000), readership: Self.nobody, now: 0))
        queries.append(
            StoredQuery([Filter()], limit: (500, 1_000), readership: Self.nobody, now: 0, direction: .oldestFirst)
        )
        let cache = try Cache()
        for _ in 0..<2 {
            for (number, query) in queries.enumerated() { cache.ask(query, Self.page("\(number)")) }
        }
        for (number, query) in queries.enumerated() {
            #expect(cache.ask(query, Self.page("never")) == Array("\(number)".utf8))
        }
        let later = StoredQuery([Filter()], limit: (500, 1_000), readership: Self.nobody, now: 99)
        #expect(cache.ask(later, Self.page("never"), now: 99) == Array("0".utf8))
    }

    @Test func `the answers that are kept take no more than they may, and large ones are not kept at all`() throws {
        let cache = try Cache(bytes: 100_000)
        let text = String(repeating: "x", count: 8_000)
        var most = 0
        for number in 0..<50 {
            for _ in 0..<2 { cache.ask(Self.query(number), Self.page(text)) }
            let kept = (0...number).filter { cache.answer(Self.query($0)) != nil }.count
            most = max(most, kept)
            #expect(kept > 0 && kept * 8_000 <= 100_000)
        }
        #expect(most > 5)
        let small = try Cache(bytes: 5_000)
        for _ in 0..<2 { small.ask(Self.query(1), Self.page("a")) }
        for _ in 0..<2 { small.ask(Self.query(2), Self.page(text)) }
        #expect(small.answer(Self.query(1)) != nil)
        #expect(small.answer(Self.query(2)) == nil)
    }

    @Test func `an answer that takes the place of one with expired events counts for what it takes`() throws {
        let cache = try Cache(bytes: 100_000)
        let text = String(repeating: "x", count: 8_000)
        for number in 0..<50 {
            for _ in 0..<2 { cache.ask(Self.query(number), Self.page("a", expiresAt: 10), now: 9) }
        }
        // What expires has made room for something larger.
        for number in 0..<50 { cache.ask(Self.query(number), Self.page(text), now: 10) }
        let kept = (0..<50).filter { cache.answer(Self.query($0), now: 10)?.bytes.count == 8_000 }
        #expect(kept.count * 8_000 <= 100_000)
    }

    @Test func `an answer that is kept holds no room that it does not need`() throws {
        let cache = try Cache()
        var page = EventPage()
        page.reserve(250, atMost: 256 << 10)
        page.append(StoredRow(json: Array("a".utf8).span, kind: 1, expiresAt: nil, transaction: 1), position: 1)
        page.isLast = true
        for _ in 0..<2 { cache.ask(Self.query(), page) }
        let kept = try #require(cache.answer(Self.query()))
        #expect(kept.bytes == Array("a".utf8) && kept.ends == [1] && kept.positions == [1])
        #expect(kept.bytes.capacity < 100 && kept.ends.capacity < 100 && kept.positions.capacity < 100)
    }
}
