import Nostr
import Testing

@testable import Backends

extension KindRanges {
    /// All kinds but private ones and deletions.
    static let searched = KindRanges([0...3, 6...1_000, 1_060 ... .max])
}

extension Filter {
    /// The filter with a search.
    func searching(_ text: String, kinds: KindRanges = .searched) -> Filter {
        var filter = self
        filter.search = SearchQuery(text, kinds: kinds)
        return filter
    }
}

extension TestStore {
    /// Indexes until nothing is left to do; returns how many events were looked at.
    @discardableResult
    func index(_ indexer: any StoreIndexer) throws -> Int {
        var count = 0
        for _ in 0..<10_000 {
            let progress = try indexer.indexNext()
            count += progress.events
            guard progress.hasMore else { return count }
        }
        try #require(Bool(false), "indexing does not end")
        return count
    }

    /// Opens an indexer and indexes all that there is.
    @discardableResult
    func index(_ kinds: KindRanges = .searched) throws -> Int {
        let indexer = try self.store.openIndexer(kinds: kinds)
        defer { indexer.close() }
        return try self.index(indexer)
    }

    /// The ids that a search finds, in its order.
    func find(_ text: String, in filter: Filter = Filter()) throws -> [EventID] {
        try self.reader.ids(filter.searching(text))
    }

    /// How many rows the index itself names for a word, whatever has become of them.
    func rowsIndexed(of word: String) throws -> Int {
        let query = try #require(SearchQuery(word, kinds: .searched))
        let expression = SearchExpression(query, kinds: nil, authors: nil)
        func count(_ source: some SearchSource) throws(StorageError) -> Int {
            var rows = 0
            var place: SearchPlace? = .through(.max)
            while let next = place {
                let stretch = try source.stretch(of: expression, behind: next, since: .min, atMost: 100)
                rows += stretch.positions.count
                place = stretch.next
            }
            return rows
        }
        if let reader = self.reader as? PostgresReader {
            return try reader.read { () throws(StorageError) in try count(reader) }
        }
        return try count(#require(self.reader as? SQLiteReader))
    }
}
