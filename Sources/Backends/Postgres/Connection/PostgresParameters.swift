/// The parameters of a statement, $1, $2 and so on, in PostgreSQL's binary format and one buffer that can be used
/// again.
///
/// The statement fixes their types with casts, as in `$1::int8[]`; a value of another width is refused by the server.
struct PostgresParameters {
    private var wire = WireBytes()
    /// Where each begins; -1 for NULL.
    private var starts: [Int] = []
    private var lengths: [Int32] = []

    var count: Int { self.starts.count }

    /// What all of them take; the protocol has no room for a gigabyte.
    var byteCount: Int { self.wire.count }

    /// Makes room for the parameters of the next statement.
    mutating func removeAll() {
        self.wire.removeAll()
        self.starts.removeAll(keepingCapacity: true)
        self.lengths.removeAll(keepingCapacity: true)
    }

    mutating func addNull() {
        self.starts.append(-1)
        self.lengths.append(0)
    }

    mutating func add(int2 value: Int16?) { self.add(value) }

    mutating func add(int4 value: Int32?) { self.add(value) }

    mutating func add(int8 value: Int64?) { self.add(value) }

    /// Adds a full transaction number.
    mutating func add(xid8 value: UInt64?) { self.add(value) }

    mutating func add(bool value: Bool?) { self.add(value.map { UInt8($0 ? 1 : 0) }) }

    /// Adds a text; the server refuses one that holds a zero character.
    mutating func add(text value: String?) {
        guard let value else { return self.addNull() }
        self.add { $0.append(value) }
    }

    /// Adds a bytea.
    mutating func add(bytes value: Span<UInt8>) {
        let start = self.wire.count
        self.wire.append(value)
        self.finish(from: start)
    }

    /// Adds a bytea.
    mutating func add(bytes value: [UInt8]?) {
        guard let value else { return self.addNull() }
        self.add(bytes: value.span)
    }

    /// Adds an array whose elements `body` appends.
    mutating func addArray(of element: PostgresArray.Element, _ body: (inout PostgresArray) -> Void) {
        let start = self.wire.count
        var array = PostgresArray(of: element, after: self.wire.moved())
        body(&array)
        self.wire = array.finish()
        self.finish(from: start)
    }

    mutating func add(int4s values: some Sequence<Int32>) {
        self.addArray(of: .int4) { array in
            for value in values { array.append(value) }
        }
    }

    mutating func add(int8s values: some Sequence<Int64>) {
        self.addArray(of: .int8) { array in
            for value in values { array.append(value) }
        }
    }

    mutating func add(int8s values: some Sequence<Int64?>) {
        self.addArray(of: .int8) { array in
            for value in values {
                if let value { array.append(value) } else { array.appendNull() }
            }
        }
    }

    /// Adds an array of full transaction numbers.
    mutating func add(xid8s values: some Sequence<UInt64>) {
        self.addArray(of: .xid8) { array in
            for value in values { array.append(value) }
        }
    }

    /// Adds a bytea[].
    mutating func add(byteArrays values: some Sequence<[UInt8]>) {
        self.addArray(of: .bytea) { array in
            for value in values { array.append(value.span) }
        }
    }

    /// Adds a bytea[].
    mutating func add(byteArrays values: some Sequence<[UInt8]?>) {
        self.addArray(of: .bytea) { array in
            for value in values {
                if let value { array.append(value.span) } else { array.appendNull() }
            }
        }
    }

    private mutating func add(_ value: (some FixedWidthInteger)?) {
        guard let value else { return self.addNull() }
        self.add { $0.append(value) }
    }

    private mutating func add(_ body: (inout WireBytes) -> Void) {
        let start = self.wire.count
        body(&self.wire)
        self.finish(from: start)
    }

    private mutating func finish(from start: Int) {
        self.starts.append(start)
        self.lengths.append(Int32(clamping: self.wire.count - start))
    }

    /// Calls `body` with what libpq takes: where each value lies, nil for NULL, how long it is, and that it is binary.
    func withPointers<Result>(
        _ body: (
            UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> Result
    ) -> Result {
        self.wire.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: self.count) { values in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: self.count) { formats in
                    formats.initialize(repeating: 1)
                    // A value of no bytes lies somewhere too: no pointer would be NULL.
                    let base = bytes.baseAddress ?? UnsafeRawPointer(formats.baseAddress)
                    for (index, start) in self.starts.enumerated() {
                        let place = start < 0 ? nil : base?.advanced(by: start)
                        values.initializeElement(at: index, to: place?.assumingMemoryBound(to: CChar.self))
                    }
                    return self.lengths.withUnsafeBufferPointer { lengths in
                        body(UnsafePointer(values.baseAddress), lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}
