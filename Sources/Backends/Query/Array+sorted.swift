extension [Int64] {
    /// Whether a number is among these, which are in ascending order.
    func containsSorted(_ number: Int64) -> Bool {
        var candidates = self.indices
        while !candidates.isEmpty {
            let middle = (candidates.lowerBound + candidates.upperBound) / 2
            if self[middle] == number { return true }
            candidates = self[middle] < number ? middle + 1..<candidates.upperBound : candidates.lowerBound..<middle
        }
        return false
    }
}
