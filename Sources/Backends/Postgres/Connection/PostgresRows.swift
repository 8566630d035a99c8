import CPostgres

/// The rows that a statement gave; rows and columns are counted from 0.
final class PostgresRows {
    private let result: OpaquePointer
    let count: Int

    /// - Parameter result: freed with this object.
    init(_ result: OpaquePointer) {
        self.result = result
        self.count = Int(PQntuples(result))
    }

    deinit { PQclear(self.result) }

    var columns: Int { Int(PQnfields(self.result)) }

    /// How many rows the statement inserted, updated, deleted or selected.
    var affected: Int { PQcmdTuples(self.result).flatMap { Int(String(cString: $0)) } ?? 0 }

    func isNull(_ row: Int, _ column: Int) -> Bool { PQgetisnull(self.result, Int32(row), Int32(column)) != 0 }

    /// A column of type int2, int4, int8 or xid8; 0 where it is NULL.
    func integer(_ row: Int, _ column: Int) -> Int64 {
        let bytes = self.raw(row, column)
        guard let base = bytes.baseAddress else { return 0 }
        switch bytes.count {
        case 8: return Int64(bigEndian: base.loadUnaligned(as: Int64.self))
        case 4: return Int64(Int32(bigEndian: base.loadUnaligned(as: Int32.self)))
        case 2: return Int64(Int16(bigEndian: base.loadUnaligned(as: Int16.self)))
        default: return 0
        }
    }

    func optionalInteger(_ row: Int, _ column: Int) -> Int64? {
        self.isNull(row, column) ? nil : self.integer(row, column)
    }

    /// A column of type bool; false where it is NULL.
    func bool(_ row: Int, _ column: Int) -> Bool { self.raw(row, column).first == 1 }

    /// A column of any type as text; empty where it is NULL.
    func text(_ row: Int, _ column: Int) -> String { String(decoding: self.raw(row, column), as: UTF8.self) }

    func optionalText(_ row: Int, _ column: Int) -> String? {
        self.isNull(row, column) ? nil : self.text(row, column)
    }

    /// A column of type bytea; empty where it is NULL.
    func bytes(_ row: Int, _ column: Int) -> [UInt8] { [UInt8](self.raw(row, column)) }

    /// Calls `body` with a column of type bytea or text; empty where it is NULL.
    func withBytes<Result, Failure>(
        _ row: Int,
        _ column: Int,
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let raw = self.raw(row, column)
        return try body(
            UnsafeBufferPointer(start: raw.baseAddress?.assumingMemoryBound(to: UInt8.self), count: raw.count).span
        )
    }

    /// The bytes of a column; 0 where it is NULL.
    func length(_ row: Int, _ column: Int) -> Int { self.raw(row, column).count }

    /// Stands for as long as this object.
    private func raw(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer {
        guard let value = PQgetvalue(self.result, Int32(row), Int32(column)) else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(
            start: value,
            count: Int(PQgetlength(self.result, Int32(row), Int32(column)))
        )
    }
}
