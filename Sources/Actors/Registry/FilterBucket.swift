/// The filters that stand under one key: quick to walk, and quick to take one out of however many there are.
struct FilterBucket {
    private(set) var references: [FilterIndex.Reference] = []
    /// Where each filter stands in `references`; kept only where there are many, since most buckets hold one.
    private var slots: [FilterIndex.Reference: Int] = [:]
    private static let fewReferences = 32

    mutating func insert(_ reference: FilterIndex.Reference) {
        self.references.append(reference)
        if self.references.count > Self.fewReferences {
            if self.slots.isEmpty {
                for (slot, reference) in self.references.enumerated() { self.slots[reference] = slot }
            } else {
                self.slots[reference] = self.references.count - 1
            }
        }
    }

    /// Takes a filter out; returns whether none is left.
    mutating func remove(_ reference: FilterIndex.Reference) -> Bool {
        let slot = self.slots.isEmpty ? self.references.firstIndex(of: reference) : self.slots[reference]
        guard let slot else { return self.references.isEmpty }
        let last = self.references.count - 1
        self.references.swapAt(slot, last)
        self.references.removeLast()
        if !self.slots.isEmpty {
            self.slots[reference] = nil
            if slot < last { self.slots[self.references[slot]] = slot }
        }
        return self.references.isEmpty
    }
}
