import Backends
import Foundation
import Nostr

/// Reads this relay's own events for another relay, a page at a time.
struct OwnEvents {
    private let reader: any StoreReader
    /// What may leave the house.
    private let readership: Readership
    /// The key that protected events are sent with, which are their author's alone to send (NIP-70).
    private let author: PublicKey?
    private(set) var protected = 0

    /// - Parameter privateKinds: kinds that stay here.
    init(_ reader: any StoreReader, privateKinds: Set<Kind>, author: PublicKey?) {
        self.reader = reader
        self.readership = Readership(privateKinds: privateKinds, keys: author.map { [$0] } ?? [])
        self.author = author
    }

    /// Hands over each event that may be sent, oldest first.
    mutating func forEach(_ filters: [Filter], _ body: (Event) async throws -> Void) async throws {
        var query = StoredQuery(
            filters,
            readership: self.readership,
            now: Int64(Date().timeIntervalSince1970),
            direction: .oldestFirst
        )
        var isLast = query.isEmpty
        while !isLast {
            let page: EventPage
            (page, query) = try self.reader.nextPage(of: query, bounds: PageBounds(events: 1_000, bytes: 1 << 20))
            for index in 0..<page.count {
                guard let event = Event(canonical: [UInt8](page.json(index))) else { continue }
                guard !event.isProtected || event.pubkey == self.author else {
                    self.protected += 1
                    continue
                }
                try await body(event)
            }
            isLast = page.isLast
        }
    }
}
