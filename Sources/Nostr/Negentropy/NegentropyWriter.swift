/// Writes a message (NIP-77, "Message").
struct NegentropyWriter {
    /// The version of the protocol, and the first byte of each message.
    static let version: UInt8 = 0x61

    private(set) var bytes: [UInt8] = [Self.version]
    private var lastTimestamp: UInt64 = 0

    /// Numbers as modes are written.
    enum Mode: UInt8 { case skip, fingerprint, ids }

    /// Bytes that the end of a range and its mode take at most.
    static let headBytes = 10 + 1 + 32 + 1

    mutating func write(_ mode: Mode, upTo bound: NegentropyBound) {
        if bound.timestamp == .max {
            self.bytes.append(0)
        } else {
            self.bytes.append(negentropyVarint: bound.timestamp - self.lastTimestamp + 1)
        }
        self.lastTimestamp = bound.timestamp
        self.bytes.append(UInt8(bound.prefixBytes))
        bound.prefix.bytes.withBytes { self.bytes.append(contentsOf: $0.prefix(bound.prefixBytes)) }
        self.bytes.append(mode.rawValue)
    }

    mutating func write(_ fingerprint: NegentropyFingerprint, upTo bound: NegentropyBound) {
        self.write(.fingerprint, upTo: bound)
        withUnsafeBytes(of: (fingerprint.first.bigEndian, fingerprint.second.bigEndian)) {
            self.bytes.append(contentsOf: $0)
        }
    }

    /// Writes all ids of a range of a set.
    mutating func write(_ range: Range<Int>, of items: some NegentropySet, upTo bound: NegentropyBound) {
        self.write(.ids, upTo: bound)
        self.bytes.append(negentropyVarint: UInt64(range.count))
        for index in range { items[index].id.bytes.withBytes { self.bytes.append(contentsOf: $0) } }
    }

    /// Takes back what was written after `mark`.
    mutating func takeBack(to mark: Self.Mark) {
        self.bytes.removeLast(self.bytes.count - mark.count)
        self.lastTimestamp = mark.lastTimestamp
    }

    var mark: Mark { Mark(count: self.bytes.count, lastTimestamp: self.lastTimestamp) }

    struct Mark {
        fileprivate let count: Int
        fileprivate let lastTimestamp: UInt64
    }
}

extension [UInt8] {
    /// Appends a number: seven bits a byte, the most significant first, the high bit set in all but the last (NIP-77).
    mutating func append(negentropyVarint number: UInt64) {
        var shift = (63 - (number | 1).leadingZeroBitCount) / 7 * 7
        while shift > 0 {
            self.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)) | 0x80)
            shift -= 7
        }
        self.append(UInt8(truncatingIfNeeded: number & 0x7F))
    }
}
