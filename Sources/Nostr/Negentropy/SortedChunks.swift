/// Elements in order, each once, in chunks: a change moves the elements of one chunk, and copies share all others.
public struct SortedChunks<Element: Comparable & Sendable>: Sendable {
    /// Elements of a full chunk; it is split into halves.
    static var mostElements: Int { 1_024 }

    /// None of them empty.
    public private(set) var chunks: [[Element]] = []
    public private(set) var count = 0

    public init() {}

    /// - Parameter elements: in their order, each once.
    public init(sorted elements: [Element]) {
        let size = Self.mostElements / 2
        self.chunks = stride(from: 0, to: elements.count, by: size).map { start in
            Array(elements[start..<min(start + size, elements.count)])
        }
        self.count = elements.count
    }

    /// What a change has done to the chunks.
    public enum Change: Hashable, Sendable {
        /// One of them has an element more, or less.
        case changed(chunk: Int)
        /// This one is new.
        case added(chunk: Int)
        /// This one and the next one are halves of what it was, with one element more.
        case split(chunk: Int)
        /// The last element of this one is gone, and the chunk with it.
        case emptied(chunk: Int)
    }

    /// The first place that is not before `element`, as far as `isBefore` tells.
    public func firstPlace(where isBefore: (Element) -> Bool) -> (chunk: Int, index: Int)? {
        var (low, high) = (0, self.chunks.count)
        while low < high {
            let middle = low + (high - low) / 2
            if isBefore(self.chunks[middle][self.chunks[middle].count - 1]) { low = middle + 1 } else { high = middle }
        }
        guard low < self.chunks.count else { return nil }
        return (low, Self.firstIndex(in: self.chunks[low], where: isBefore))
    }

    private static func firstIndex(in chunk: [Element], where isBefore: (Element) -> Bool) -> Int {
        var (low, high) = (0, chunk.count)
        while low < high {
            let middle = low + (high - low) / 2
            if isBefore(chunk[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Puts an element in its place; nil where it is there already.
    public mutating func insert(_ element: Element) -> Change? {
        guard let last = self.chunks.indices.last else {
            self.chunks = [[element]]
            self.count = 1
            return .added(chunk: 0)
        }
        let (chunk, index) = self.firstPlace { $0 < element } ?? (last, self.chunks[last].count)
        guard index == self.chunks[chunk].count || self.chunks[chunk][index] != element else { return nil }
        self.chunks[chunk].insert(element, at: index)
        self.count += 1
        guard self.chunks[chunk].count > Self.mostElements else { return .changed(chunk: chunk) }
        // What grows at its end leaves full chunks behind, so that they are not half empty for ever.
        let isAtEnd = chunk == last && index == self.chunks[chunk].count - 1
        let cut = isAtEnd ? self.chunks[chunk].count - 1 : self.chunks[chunk].count / 2
        let rest = Array(self.chunks[chunk][cut...])
        self.chunks[chunk].removeLast(rest.count)
        self.chunks.insert(rest, at: chunk + 1)
        return .split(chunk: chunk)
    }

    /// Takes an element out; nil where it is not there.
    public mutating func remove(_ element: Element) -> Change? {
        guard let (chunk, index) = self.firstPlace(where: { $0 < element }), self.chunks[chunk][index] == element
        else { return nil }
        self.count -= 1
        guard self.chunks[chunk].count > 1 else {
            self.chunks.remove(at: chunk)
            return .emptied(chunk: chunk)
        }
        self.chunks[chunk].remove(at: index)
        return .changed(chunk: chunk)
    }

    /// The element at a place.
    public subscript(place: (chunk: Int, index: Int)) -> Element { self.chunks[place.chunk][place.index] }
}
