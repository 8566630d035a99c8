extension PostgresWriter {
    /// Takes records that another store has, in their order; says what became of each.
    static func take(_ records: [Record], in transaction: Transaction) throws(StorageError) -> [RecordArrival] {
        guard !records.isEmpty else { return [] }
        let first = try transaction.query(PostgresRecordStatements.holdRevision).integer(0, 0)
        // From here on nobody else changes records.
        let rows = try transaction.query(PostgresRecordStatements.several, PostgresRecordStatements.names(records))
        var standing: [[UInt8]: Record] = [:]
        for row in 0..<rows.count {
            let named = records[Int(rows.integer(row, 0)) - 1]
            let value = rows.isNull(row, 1) ? nil : rows.bytes(row, 1)
            let revision = rows.integer(row, 2)
            standing[Self.name(named)] = Record(named, value: value, revision: revision)
        }
        var last = first
        var changed: [[UInt8]: Record] = [:]
        let arrivals = records.map { record in
            let name = Self.name(record)
            let arrival = RecordArrival(of: record, over: standing[name], after: last)
            if case .put(let revision) = arrival {
                last = revision
                let put = Record(record, value: record.value, revision: revision)
                standing[name] = put
                changed[name] = put
            }
            return arrival
        }
        guard !changed.isEmpty else { return arrivals }
        let put = Array(changed.values)
        var parameters = PostgresRecordStatements.names(put)
        parameters.add(byteArrays: put.map(\.value))
        parameters.add(int8s: put.map(\.revision))
        _ = try transaction.query(PostgresRecordStatements.putSeveral, parameters)
        parameters.removeAll()
        parameters.add(int8: last)
        _ = try transaction.query(PostgresRecordStatements.setRevision, parameters)
        return arrivals
    }

    /// Tells records apart as the table does: texts that only look the same are not.
    private static func name(_ record: Record) -> [UInt8] { Array(record.section.utf8) + [0] + Array(record.key.utf8) }
}

extension Record {
    /// Another state of the same record.
    fileprivate init(_ other: Record, value: [UInt8]?, revision: Int64) {
        self.init(section: other.section, key: other.key, value: value, revision: revision)
    }
}
