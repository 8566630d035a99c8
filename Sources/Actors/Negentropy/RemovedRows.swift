/// Rows that were removed lately: what is told of them later, that they were stored, is not news any more.
struct RemovedRows {
    private var older: Set<Int64> = []
    private var newer: Set<Int64> = []
    /// Rows of which each half is full.
    private static let halfRows = 20_000

    mutating func insert(_ row: Int64) {
        if self.newer.count >= Self.halfRows {
            self.older = self.newer
            self.newer = []
        }
        self.newer.insert(row)
    }

    func contains(_ row: Int64) -> Bool { self.newer.contains(row) || self.older.contains(row) }
}
