import Nostr

extension SQLiteReader: CountSource {
    /// Expired events that are left out of counts one by one.
    private static let mostExpired = 10_000
    static let entriesAtOnce = 2_048

    func advance(_ count: consuming StoredCount, bounds: PageBounds) throws(StorageError) -> StoredCount {
        var count = count
        try self.database.transaction("BEGIN") { () throws(StorageError) in
            var runner = CountRunner(self, bounds: bounds)
            try runner.advance(&count)
        }
        return count
    }

    func tally(
        _ streams: inout [IndexStream],
        in window: IndexWindow,
        atMost count: Int,
        leavingOut positions: Set<Int64>
    ) throws(StorageError) -> Tally {
        var sum = Tally()
        for index in streams.indices where sum.passed < count {
            let left = count - sum.passed
            let tally = try self.streams.tally(&streams[index], in: window, atMost: left, leavingOut: positions)
            sum.passed += tally.passed
            sum.counted += tally.counted
        }
        return sum
    }

    func expired(by now: Int64) throws(StorageError) -> Set<Int64>? {
        self.selectExpired.bind(1, now)
        self.selectExpired.bind(2, Int64(Self.mostExpired + 1))
        defer { self.selectExpired.reset() }
        var positions: Set<Int64> = []
        while try self.selectExpired.step() { positions.insert(self.selectExpired.integer(0)) }
        return positions.count > Self.mostExpired ? nil : positions
    }

    func storedKinds(from kind: Int, atMost count: Int) throws(StorageError) -> [Kind] {
        var kinds: [Kind] = []
        var next = Int64(kind)
        while kinds.count < count {
            self.selectKind.bind(1, next)
            guard let found = try self.selectKind.first({ $0.integer(0) }) else { break }
            kinds.append(Kind(UInt16(truncatingIfNeeded: found)))
            next = found + 1
        }
        return kinds
    }

    func positions() throws(StorageError) -> ClosedRange<Int64>? {
        let last = try self.lastPosition()
        return last > 0 ? 1...last : nil
    }
}
