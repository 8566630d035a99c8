/// An array of one dimension that is being written in PostgreSQL's binary format, as one parameter.
struct PostgresArray: ~Copyable {
    /// What the elements are; the raw value is the type's OID.
    enum Element: UInt32 {
        case int4 = 23
        case int8 = 20
        case bytea = 17
        case text = 25
        case xid8 = 5_069
    }

    private(set) var wire: WireBytes
    private let start: Int
    private var count: Int32 = 0
    private var hasNull = false

    init(of element: Element, after wire: consuming WireBytes) {
        self.start = wire.count
        self.wire = wire
        self.wire.append(Int32(1))
        self.wire.append(Int32(0))
        self.wire.append(element.rawValue)
        self.wire.append(Int32(0))
        self.wire.append(Int32(1))
    }

    mutating func append(_ value: Int32) {
        self.count += 1
        self.wire.append(Int32(4))
        self.wire.append(value)
    }

    mutating func append(_ value: Int64) {
        self.count += 1
        self.wire.append(Int32(8))
        self.wire.append(value)
    }

    mutating func append(_ value: UInt64) { self.append(Int64(bitPattern: value)) }

    mutating func append(_ value: Span<UInt8>) {
        self.count += 1
        self.wire.append(Int32(clamping: value.count))
        self.wire.append(value)
    }

    mutating func append(_ value: String) {
        self.count += 1
        self.wire.append(Int32(clamping: value.utf8.count))
        self.wire.append(value)
    }

    mutating func appendNull() {
        self.count += 1
        self.hasNull = true
        self.wire.append(Int32(-1))
    }

    /// Sets what is known only now, and gives the bytes back.
    consuming func finish() -> WireBytes {
        self.wire.set(Int32(self.count == 0 ? 0 : 1), at: self.start)
        self.wire.set(Int32(self.hasNull ? 1 : 0), at: self.start + 4)
        self.wire.set(self.count, at: self.start + 12)
        // An empty array has no dimension.
        if self.count == 0 { self.wire.cut(to: self.start + 12) }
        return self.wire
    }
}
