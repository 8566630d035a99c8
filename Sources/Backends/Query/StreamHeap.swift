/// A binary heap of streams by their foremost entry: the merge of many streams costs log(streams) an entry.
struct StreamHeap: Sendable {
    typealias Item = (entry: IndexEntry, stream: Int)

    private var items: [Item] = []

    var isEmpty: Bool { self.items.isEmpty }
    var top: Item? { self.items.first }

    private static func isBefore(_ lhs: IndexEntry, _ rhs: IndexEntry, _ direction: StoredQuery.Direction) -> Bool {
        switch direction {
        case .newestFirst: lhs.isNewer(than: rhs)
        case .oldestFirst: rhs.isNewer(than: lhs)
        }
    }

    /// Of several heaps the one whose top comes first in the answer, and that top; heaps without one are passed over.
    static func foremost(
        among indices: Range<Int>,
        _ direction: StoredQuery.Direction,
        _ top: (Int) -> Item?
    ) -> (heap: Int, top: Item)? {
        var foremost: (heap: Int, top: Item)?
        for index in indices {
            guard let top = top(index) else { continue }
            if let best = foremost, !Self.isBefore(top.entry, best.top.entry, direction) { continue }
            foremost = (index, top)
        }
        return foremost
    }

    mutating func push(_ entry: IndexEntry, stream: Int, _ direction: StoredQuery.Direction) {
        self.items.append((entry, stream))
        var index = self.items.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard Self.isBefore(self.items[index].entry, self.items[parent].entry, direction) else { return }
            self.items.swapAt(index, parent)
            index = parent
        }
    }

    /// Puts the top stream's next entry in the place of its old one, or takes the stream out where it has none.
    mutating func replaceTop(with entry: IndexEntry?, _ direction: StoredQuery.Direction) {
        guard let top = self.items.first else { return }
        if let entry {
            self.items[0] = (entry, top.stream)
        } else {
            self.items[0] = self.items[self.items.count - 1]
            self.items.removeLast()
        }
        self.sink(direction)
    }

    private mutating func sink(_ direction: StoredQuery.Direction) {
        var index = 0
        while true {
            var first = index
            for child in [2 * index + 1, 2 * index + 2]
            where child < self.items.count
                && Self.isBefore(self.items[child].entry, self.items[first].entry, direction)
            {
                first = child
            }
            guard first != index else { return }
            self.items.swapAt(index, first)
            index = first
        }
    }
}
