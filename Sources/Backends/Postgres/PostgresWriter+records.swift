extension PostgresWriter {
    func apply(_ changes: [RecordChange]) throws(StorageError) -> RecordOutcome {
        guard !changes.isEmpty else { throw .failed("there is nothing to change") }
        return try self.write { (transaction) throws(StorageError) in
            try transaction.connection.execute("BEGIN")
            var parameters = PostgresParameters()
            parameters.add(int8: Int64(changes.count))
            // From here on nobody else changes records, and what stands is what the conditions are about.
            let last = try transaction.query(PostgresRecordStatements.takeRevisions, parameters).integer(0, 0)
            for (index, change) in changes.enumerated() {
                let name = PostgresRecordStatements.name(change.key, in: change.section)
                let rows = try transaction.query(PostgresRecordStatements.one, name)
                let standing = PostgresRecordStatements.record(rows, change.key, in: change.section)
                guard change.mayApply(to: standing) else {
                    try transaction.connection.execute("ROLLBACK; BEGIN")
                    return Prepared(removed: []) { _ in .refused(index: index) }
                }
            }
            let first = last - Int64(changes.count) + 1
            for (index, change) in changes.enumerated() {
                try Self.make(change, revision: first + Int64(index), in: transaction)
            }
            return Prepared(removed: []) { _ in .applied(revision: last) }
        }
    }

    private static func make(
        _ change: RecordChange,
        revision: Int64,
        in transaction: Transaction
    ) throws(StorageError) {
        var parameters = PostgresRecordStatements.name(change.key, in: change.section)
        switch change.act {
        case .put(let value): parameters.add(bytes: value)
        case .strike: parameters.addNull()
        case .erase:
            _ = try transaction.query(PostgresRecordStatements.erase, parameters)
            return
        }
        parameters.add(int8: revision)
        _ = try transaction.query(PostgresRecordStatements.put, parameters)
    }
}

extension PostgresReader {
    func recordRevision() throws(StorageError) -> Int64 {
        try self.read { () throws(StorageError) in try self.query(PostgresRecordStatements.revision).integer(0, 0) }
    }

    func records(in section: String, after revision: Int64, atMost count: Int) throws(StorageError) -> [Record] {
        var parameters = PostgresParameters()
        parameters.add(text: section)
        parameters.add(int8: revision)
        parameters.add(int4: Int32(clamping: count))
        return try self.read { () throws(StorageError) in
            let rows = try self.query(PostgresRecordStatements.section, parameters)
            return (0..<rows.count).map { index in
                Record(
                    section: section,
                    key: rows.text(index, 0),
                    value: rows.isNull(index, 1) ? nil : rows.bytes(index, 1),
                    revision: rows.integer(index, 2)
                )
            }
        }
    }

    func record(_ key: String, in section: String) throws(StorageError) -> Record? {
        let name = PostgresRecordStatements.name(key, in: section)
        let record = try self.read { () throws(StorageError) in
            PostgresRecordStatements.record(try self.query(PostgresRecordStatements.one, name), key, in: section)
        }
        guard let record, record.value != nil else { return nil }
        return record
    }
}
