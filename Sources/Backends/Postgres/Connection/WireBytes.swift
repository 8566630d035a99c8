/// A buffer of numbers in the order of the network, and of bytes.
struct WireBytes {
    private(set) var bytes: [UInt8] = []

    var count: Int { self.bytes.count }

    mutating func removeAll() { self.bytes.removeAll(keepingCapacity: true) }

    /// Gives the buffer away and is empty.
    mutating func moved() -> WireBytes {
        var taken = WireBytes()
        swap(&taken, &self)
        return taken
    }

    mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { self.bytes.append(contentsOf: $0) }
    }

    mutating func append(_ value: Span<UInt8>) {
        value.withUnsafeBufferPointer { self.bytes.append(contentsOf: $0) }
    }

    mutating func append(_ value: String) { self.bytes.append(contentsOf: value.utf8) }

    /// Replaces the four bytes from `offset` on.
    mutating func set(_ value: Int32, at offset: Int) {
        withUnsafeBytes(of: value.bigEndian) { self.bytes.replaceSubrange(offset..<offset + 4, with: $0) }
    }

    mutating func cut(to count: Int) { self.bytes.removeLast(self.bytes.count - count) }
}
