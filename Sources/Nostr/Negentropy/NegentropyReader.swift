/// Reads a message of the other side (NIP-77, "Message"), whose bytes may be anything.
struct NegentropyReader {
    private let bytes: [UInt8]
    private var next = 0
    private var lastBound = NegentropyBound(timestamp: 0)

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { self.next == self.bytes.count }

    mutating func readByte() throws(NegentropyError) -> UInt8 {
        guard self.next < self.bytes.count else { throw .truncated }
        defer { self.next += 1 }
        return self.bytes[self.next]
    }

    /// Reads a number: seven bits a byte, the most significant first.
    mutating func readNumber() throws(NegentropyError) -> UInt64 {
        var number: UInt64 = 0
        for index in 0..<10 {
            let byte = try self.readByte()
            guard index > 0 || byte != 0x80, number <= .max >> 7 else { throw .malformedNumber }
            number = number << 7 | UInt64(byte & 0x7F)
            if byte & 0x80 == 0 { return number }
        }
        throw .malformedNumber
    }

    /// Reads where a range ends, which is not before it begins.
    mutating func readBound() throws(NegentropyError) -> NegentropyBound {
        let encoded = try self.readNumber()
        var timestamp = UInt64.max
        if encoded != 0 {
            let (sum, overflows) = self.lastBound.timestamp.addingReportingOverflow(encoded - 1)
            guard !overflows else { throw .unordered }
            timestamp = sum
        }
        let length = try self.readNumber()
        guard length <= 32 else { throw .longPrefix(length) }
        let bound = NegentropyBound(
            timestamp: timestamp,
            prefix: try self.readBytes(Int(length)),
            bytes: Int(length)
        )
        guard bound >= self.lastBound else { throw .unordered }
        self.lastBound = bound
        return bound
    }

    mutating func readFingerprint() throws(NegentropyError) -> NegentropyFingerprint {
        let bytes = try self.readBytes(16)
        return NegentropyFingerprint(first: bytes.a, second: bytes.b)
    }

    /// Reads a list of ids, and passes over them: not everybody looks at them.
    mutating func readIDs() throws(NegentropyError) -> NegentropyIDs {
        let count = try self.readNumber()
        guard count <= UInt64((self.bytes.count - self.next) / 32) else { throw .truncated }
        let range = self.next..<self.next + 32 * Int(count)
        self.next = range.upperBound
        return NegentropyIDs(message: self.bytes, range: range)
    }

    /// Reads up to 32 bytes; zeros follow them.
    private mutating func readBytes(_ count: Int) throws(NegentropyError) -> Bytes32 {
        guard count <= self.bytes.count - self.next else { throw .truncated }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { target in
            self.bytes.withUnsafeBytes { target.copyMemory(from: .init(rebasing: $0[self.next..<self.next + count])) }
        }
        self.next += count
        return Bytes32(words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
    }
}

/// Ids as they stand in a message, 32 bytes each.
struct NegentropyIDs {
    fileprivate let message: [UInt8]
    fileprivate let range: Range<Int>

    var all: [EventID] {
        stride(from: self.range.lowerBound, to: self.range.upperBound, by: 32).compactMap { start in
            Bytes32(self.message.span.extracting(start..<start + 32)).map(EventID.init)
        }
    }
}
