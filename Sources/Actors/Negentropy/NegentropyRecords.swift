import Backends
import Nostr

/// Finds the records that a reconciliation is about: on Swift's own threads, and a page of the database at a time.
struct NegentropyRecords: Sendable {
    let readers: ReaderPool
    let index: NegentropyIndex
    let readership: Readership
    let limits: Limits.Negentropy
    let lease: RecordLease
    let clock: Clock

    /// Why there are none.
    enum Failure: Error {
        case tooMany
        case refused(Refusal)
        case cancelled
    }

    /// The records that match a filter and that the reader may see.
    @concurrent
    func matching(_ filter: Filter) async throws(Failure) -> NegentropySnapshot {
        let found: NegentropySnapshot
        if filter.isOfTimeOnly, let shared = try await self.shared(filter) {
            found = shared
        } else {
            found = NegentropyTree(try await self.read([filter])).snapshot()
        }
        guard found.count <= self.limits.records else { throw .tooMany }
        return found
    }

    /// What the set that all share has of it, and the reader's own; nil where that set cannot be had.
    private func shared(_ filter: Filter) async throws(Failure) -> NegentropySnapshot? {
        let isOfAll = filter.since == nil && filter.until == nil
        var answer = self.answer()
        if case .absent = answer, isOfAll {
            let (kinds, most) = (self.readership.privateKinds, self.limits.records)
            await self.index.prepare(self.readers, privateKinds: kinds, maximum: most, uptime: self.clock.uptime())
            answer = self.answer()
        }
        switch answer {
        case .absent: return nil
        case .tooLarge:
            guard !isOfAll else { throw .tooMany }
            return nil
        case .ready(let all, var tree):
            var snapshot = all
            let own = try await self.read(self.ownFilters(within: filter))
            if !own.isEmpty {
                for item in own { tree.insert(item) }
                snapshot = tree.snapshot()
            }
            return snapshot.window(since: filter.since.map(UInt64.init), until: filter.until.map(UInt64.init))
        }
    }

    private func answer() -> NegentropyIndex.Answer {
        self.index.answer(
            privateKinds: self.readership.privateKinds,
            now: self.clock.now(),
            uptime: self.clock.uptime()
        )
    }

    /// What the reader may see and others may not.
    private func ownFilters(within window: Filter) -> [Filter] {
        guard !self.readership.keys.isEmpty, !self.readership.privateKinds.isEmpty else { return [] }
        var written = window
        written.kinds = self.readership.privateKinds.sorted()
        var addressed = written
        written.authors = self.readership.keys.sorted()
        let values = self.readership.keys.sorted().map { Array($0.hex.utf8) }
        addressed.tags = [TagCondition(letter: UInt8(ascii: "p"), values: values)]
        return [written, addressed]
    }

    /// Looks records up in the database.
    private func read(_ filters: [Filter]) async throws(Failure) -> [NegentropyItem] {
        guard !filters.isEmpty else { return [] }
        var query = StoredQuery(filters, readership: self.readership, now: self.clock.now())
        var items: [NegentropyItem] = []
        var isLast = query.isEmpty
        while !isLast {
            guard !Task.isCancelled else { throw .cancelled }
            let page: [NegentropyItem]
            do {
                (page, query, isLast) = try await self.readers.next.items(of: query)
            } catch {
                throw .refused(Refusal(.error, error.publicText))
            }
            items += page
            guard items.count <= self.limits.records else { throw .tooMany }
            guard self.lease.add(page.count) else {
                throw .refused(Refusal(.rateLimited, "too much is being reconciled, try again later"))
            }
            guard isLast || query.spentNanoseconds <= self.limits.loadNanoseconds else {
                throw .refused(Refusal(.blocked, "this query takes too long, ask for less of it"))
            }
        }
        return items
    }
}

extension Filter {
    /// Whether it asks for nothing but a time, or for all.
    fileprivate var isOfTimeOnly: Bool {
        self.ids == nil && self.authors == nil && self.kinds == nil && self.tags.isEmpty && self.limit == nil
            && !self.isUnsatisfiable
    }
}
