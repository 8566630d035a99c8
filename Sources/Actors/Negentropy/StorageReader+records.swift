import Backends
import Nostr

extension StorageReader {
    /// Time for one page, so that queries take turns.
    private static let pageTime = Duration.milliseconds(10)

    /// The next page of a query's answer as records, the query as it stands after it, and whether it was the last.
    func items(of query: StoredQuery) throws(StorageError) -> ([NegentropyItem], StoredQuery, isLast: Bool) {
        let bounds = PageBounds(events: 20_000, bytes: 8 << 20, deadline: .now + Self.pageTime)
        let (page, rest) = try self.nextPage(of: query, bounds: bounds)
        let items = (0..<page.count).compactMap { index -> NegentropyItem? in
            let json = page.json(index)
            guard let id = Event.id(ofCanonical: json), let createdAt = Event.createdAt(ofCanonical: json) else {
                return nil
            }
            return NegentropyItem(timestamp: UInt64(createdAt), id: id)
        }
        return (items, rest, page.isLast)
    }
}
