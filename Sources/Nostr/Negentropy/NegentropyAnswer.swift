/// An answer as it is written, range by range, until it is full.
struct NegentropyAnswer<Items: NegentropySet> {
    /// Parts that a range is split into, and the records up to which it is told whole instead.
    private static var buckets: Int { 16 }
    private static var tellableItems: Int { 2 * Self.buckets - 1 }
    /// Bytes that are kept for a skip and the fingerprint of all that did not fit.
    private static var reservedBytes: Int { 2 * NegentropyWriter.headBytes + 16 }

    private let items: Items
    /// Bytes at which the answer is full.
    private let limit: Int
    private var writer = NegentropyWriter()
    /// The end of the ranges that need no more words, where it is not written yet.
    private var skippedTo: NegentropyBound?
    /// Whether no more ranges fit, and the fingerprint of the rest was written instead.
    private(set) var isFull = false

    init(_ items: Items, frameBytes: Int) {
        self.items = items
        self.limit = frameBytes == 0 ? .max : frameBytes - Self.reservedBytes
    }

    /// The message; a skip up to infinity need not be said.
    var bytes: [UInt8] { self.writer.bytes }

    /// Whether nothing is to be asked or told.
    var isEmpty: Bool { self.writer.bytes.count == 1 }

    /// Says nothing about a range.
    mutating func skip(to bound: NegentropyBound) { self.skippedTo = bound }

    /// Tells all records of a range, or the fingerprints of its parts.
    mutating func split(_ range: Range<Int>, to bound: NegentropyBound) {
        self.writeSkip()
        let mark = self.writer.mark
        if range.count <= Self.tellableItems {
            self.writer.write(range, of: self.items, upTo: bound)
        } else {
            let (size, larger) = range.count.quotientAndRemainder(dividingBy: Self.buckets)
            var start = range.lowerBound
            for bucket in 0..<Self.buckets {
                let end = start + size + (bucket < larger ? 1 : 0)
                let isLast = end == range.upperBound
                let edge = isLast ? bound : NegentropyBound(between: self.items[end - 1], and: self.items[end])
                self.writer.write(self.items.fingerprint(of: start..<end), upTo: edge)
                start = end
            }
        }
        guard self.writer.bytes.count > self.limit else { return }
        self.writer.takeBack(to: mark)
        self.leaveRest(from: range.lowerBound)
    }

    /// Tells the records of a range, as many as fit.
    mutating func tell(_ range: Range<Int>, to bound: NegentropyBound) {
        self.writeSkip()
        let room = (self.limit - self.writer.bytes.count - NegentropyWriter.headBytes - 10) / 32
        guard range.count > room else { return self.writer.write(range, of: self.items, upTo: bound) }
        let end = range.lowerBound + max(room, 0)
        if end > range.lowerBound {
            let edge = NegentropyBound(between: self.items[end - 1], and: self.items[end])
            self.writer.write(range.lowerBound..<end, of: self.items, upTo: edge)
        }
        self.leaveRest(from: end)
    }

    private mutating func writeSkip() {
        guard let skippedTo else { return }
        self.writer.write(.skip, upTo: skippedTo)
        self.skippedTo = nil
    }

    /// Puts off everything from an index on, which is where the last written range ends.
    private mutating func leaveRest(from start: Int) {
        self.writer.write(self.items.fingerprint(of: start..<self.items.count), upTo: .infinity)
        self.isFull = true
    }
}
