import CSQLite

/// A prepared statement; bind, step, read columns, and it is ready to be bound again after `reset`.
final class Statement {
    private let handle: OpaquePointer
    private unowned let database: Database
    /// SQLite copies what is bound.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    init(_ handle: OpaquePointer, of database: Database) {
        self.handle = handle
        self.database = database
    }

    deinit { sqlite3_finalize(self.handle) }

    /// Binds a whole number, or NULL, to the parameter with this number, from 1.
    func bind(_ index: Int32, _ value: Int64?) {
        if let value { sqlite3_bind_int64(self.handle, index, value) } else { sqlite3_bind_null(self.handle, index) }
    }

    /// Binds bytes to the parameter with this number, from 1.
    func bind(_ index: Int32, _ value: Span<UInt8>) {
        value.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress {
                _ = sqlite3_bind_blob64(self.handle, index, base, UInt64(bytes.count), Self.copied)
            } else {
                _ = sqlite3_bind_zeroblob(self.handle, index, 0)
            }
        }
    }

    /// Binds a text, up to a zero character, to the parameter with this number, from 1.
    func bind(_ index: Int32, text: String) {
        _ = sqlite3_bind_text(self.handle, index, text, -1, Self.copied)
    }

    /// Steps to the next row; false after the last.
    func step() throws(StorageError) -> Bool {
        switch sqlite3_step(self.handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let status:
            let error = self.database.error(status)
            self.reset()
            throw error
        }
    }

    /// Runs a statement that gives no row, and resets it.
    func run() throws(StorageError) {
        while try self.step() {}
        self.reset()
    }

    func reset() { sqlite3_reset(self.handle) }

    /// Steps once and hands the row to `body`; nil where there is none. Resets the statement.
    func first<Value>(_ body: (Statement) -> Value) throws(StorageError) -> Value? {
        defer { self.reset() }
        return try self.step() ? body(self) : nil
    }

    /// A column, from 0, as a whole number.
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(self.handle, column) }

    /// A column, from 0, as a whole number, or nil where it is NULL.
    func optionalInteger(_ column: Int32) -> Int64? {
        sqlite3_column_type(self.handle, column) == SQLITE_NULL ? nil : self.integer(column)
    }

    /// Calls `body` with a column, from 0, as bytes that stand until the next step.
    func withBytes<Result>(_ column: Int32, _ body: (Span<UInt8>) -> Result) -> Result {
        guard let base = sqlite3_column_blob(self.handle, column) else { return body(Span()) }
        let count = Int(sqlite3_column_bytes(self.handle, column))
        let bytes = UnsafeBufferPointer(start: base.assumingMemoryBound(to: UInt8.self), count: count)
        return body(bytes.span)
    }

    /// A column, from 0, as a text.
    func text(_ column: Int32) -> String { String(decoding: self.bytes(column), as: UTF8.self) }

    /// A column, from 0, as bytes, or nil where it is NULL.
    func optionalBytes(_ column: Int32) -> [UInt8]? {
        sqlite3_column_type(self.handle, column) == SQLITE_NULL ? nil : self.bytes(column)
    }

    /// A column, from 0, as bytes.
    func bytes(_ column: Int32) -> [UInt8] {
        guard let base = sqlite3_column_blob(self.handle, column) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: base, count: Int(sqlite3_column_bytes(self.handle, column))))
    }
}
