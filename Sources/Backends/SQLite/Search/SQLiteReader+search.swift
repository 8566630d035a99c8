import Nostr

extension SQLiteReader {
    func unindexed(atMost count: Int) throws(StorageError) -> [Int64] {
        let select = self.search.selectUnindexed
        select.bind(1, Int64(count))
        defer { select.reset() }
        var positions: [Int64] = []
        while try select.step() { positions.append(select.integer(0)) }
        return positions
    }

    func stretch(
        of expression: SearchExpression,
        behind place: SearchPlace,
        since: Int64,
        atMost count: Int
    ) throws(StorageError) -> SearchStretch {
        let last = try self.lastPosition()
        let select = self.search.selectStretch
        let text = Array(expression.matchText.utf8)
        select.bind(1, text.span)
        // Numbers of one second are told apart by their positions.
        let limit =
            place.position == .max
            ? SearchNumber.last(of: place.createdAt)
            : SearchNumber.number(createdAt: place.createdAt, position: place.position) - 1
        select.bind(2, limit)
        select.bind(3, SearchNumber.first(of: since))
        select.bind(4, Int64(count))
        defer { select.reset() }
        var stretch = SearchStretch()
        var rows = 0
        while try select.step() {
            rows += 1
            let number = select.integer(0)
            stretch.positions += SearchNumber.positions(of: number, upTo: last)
            stretch.next = SearchPlace(createdAt: SearchNumber.second(of: number), position: number)
        }
        if rows < count { stretch.next = nil }
        return stretch
    }
}
