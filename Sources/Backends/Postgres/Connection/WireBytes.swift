/// A buffer of numbers in the order of the network, and of bytes.
struct WireBytes {
    /// More than what is used, so that most appending is a store.
    private var room: [UInt8] = []
    private(set) var count = 0

    /// What is used.
    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        self.room.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<self.count])) }
    }

    mutating func removeAll() { self.count = 0 }

    /// Gives the buffer away and is empty.
    mutating func moved() -> WireBytes {
        var taken = WireBytes()
        swap(&taken, &self)
        return taken
    }

    mutating func append(_ value: some FixedWidthInteger) {
        let size = value.bitWidth / 8
        self.reserve(size)
        self.room.withUnsafeMutableBytes { [count] room in
            room.storeBytes(of: value.bigEndian, toByteOffset: count, as: type(of: value))
        }
        self.count += size
    }

    mutating func append(_ value: Span<UInt8>) {
        value.withUnsafeBytes { self.append($0) }
    }

    mutating func append(_ value: String) {
        var value = value
        value.withUTF8 { self.append(UnsafeRawBufferPointer($0)) }
    }

    private mutating func append(_ value: UnsafeRawBufferPointer) {
        self.reserve(value.count)
        self.room.withUnsafeMutableBytes { [count] room in
            UnsafeMutableRawBufferPointer(rebasing: room[count..<count + value.count]).copyMemory(from: value)
        }
        self.count += value.count
    }

    /// Replaces the four bytes from `offset` on.
    mutating func set(_ value: Int32, at offset: Int) {
        self.room.withUnsafeMutableBytes { $0.storeBytes(of: value.bigEndian, toByteOffset: offset, as: Int32.self) }
    }

    mutating func cut(to count: Int) { self.count = count }

    private mutating func reserve(_ more: Int) {
        let missing = self.count + more - self.room.count
        guard missing > 0 else { return }
        var larger = [UInt8](repeating: 0, count: self.room.count + max(missing, self.room.count, 256))
        self.withUnsafeBytes { used in larger.withUnsafeMutableBytes { $0.copyMemory(from: used) } }
        self.room = larger
    }
}
