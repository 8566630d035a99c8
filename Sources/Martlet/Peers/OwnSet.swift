import Backends
import Foundation
import Nostr
import Peers

/// The ids of this relay's events in a window of time, as they are compared with another relay's.
struct OwnSet {
    let items: [NegentropyItem]
    /// The last second that is in it; nil where the whole window is.
    let until: Int64?
    /// Events that are compared at once, 40 bytes each.
    static let maximumItems = 1_000_000

    /// Reads the set; where it is too large, up to the end of some second, at least the first.
    init(_ filter: Filter, _ reader: any StoreReader, maximumItems: Int = Self.maximumItems) throws {
        let now = Int64(Date().timeIntervalSince1970)
        var query = StoredQuery([filter], readership: .operator, now: now, direction: .oldestFirst)
        var items: [NegentropyItem] = []
        var isLast = query.isEmpty
        while !isLast {
            let page: EventPage
            (page, query) = try reader.nextPage(of: query, bounds: PageBounds(events: 2_000, bytes: 4 << 20))
            for index in 0..<page.count {
                guard let event = Event(canonical: [UInt8](page.json(index))) else { continue }
                if items.count >= maximumItems, let last = items.last, last.timestamp != event.createdAt {
                    self.items = items
                    self.until = Int64(last.timestamp)
                    return
                }
                items.append(NegentropyItem(timestamp: UInt64(event.createdAt), id: event.id))
            }
            isLast = page.isLast
        }
        self.items = items
        self.until = nil
    }

    /// The second in the middle.
    var middle: Int64? { self.items.isEmpty ? nil : Int64(self.items[self.items.count / 2].timestamp) }
}
