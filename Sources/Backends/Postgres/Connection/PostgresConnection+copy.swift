import CPostgres

/// `COPY … FROM STDIN`: rows of a table as lines, for a session that restores. It waits for the server as long as the
/// network holds.
extension PostgresConnection {
    func beginCopy(_ sql: String) throws(StorageError) {
        guard let handle else { throw Self.closed }
        guard PQsetnonblocking(handle, 0) == 0 else { throw self.lose(Self.message(of: handle)) }
        guard let result = PQexec(handle, sql) else { throw self.lose(Self.message(of: handle)) }
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COPY_IN else { throw self.refused(result, handle) }
    }

    /// Sends lines, each with its line feed.
    func putCopy(_ lines: [UInt8]) throws(StorageError) {
        guard let handle else { throw Self.closed }
        let status = lines.withUnsafeBytes { bytes in
            PQputCopyData(handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
        }
        guard status == 1 else { throw self.lose(Self.message(of: handle)) }
    }

    func endCopy() throws(StorageError) {
        guard let handle else { throw Self.closed }
        guard PQputCopyEnd(handle, nil) == 1 else { throw self.lose(Self.message(of: handle)) }
        var refusal: StorageError?
        while let result = PQgetResult(handle) {
            if PQresultStatus(result) != PGRES_COMMAND_OK, refusal == nil { refusal = self.refused(result, handle) }
            PQclear(result)
        }
        if let refusal { throw refusal }
        guard PQsetnonblocking(handle, 1) == 0 else { throw self.lose(Self.message(of: handle)) }
    }

    private func refused(_ result: OpaquePointer, _ handle: OpaquePointer) -> StorageError {
        func field(_ code: Character) -> String? {
            code.asciiValue.flatMap { PQresultErrorField(result, Int32($0)) }.map { String(cString: $0) }
        }
        guard PQstatus(handle) == CONNECTION_OK else { return self.lose(Self.message(of: handle)) }
        return .postgres(sqlstate: field("C"), message: StorageError.oneLine(field("M") ?? ""))
    }
}
