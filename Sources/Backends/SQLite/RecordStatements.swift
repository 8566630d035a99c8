/// The statements that read and change records.
struct RecordStatements {
    private let selectRevision, updateRevision, selectOne, selectSection, put, erase: Statement

    init(_ database: Database) throws(StorageError) {
        self.selectRevision = try database.prepare("SELECT value FROM meta WHERE name = 'record_revision'")
        self.updateRevision = try database.prepare("UPDATE meta SET value = ?1 WHERE name = 'record_revision'")
        self.selectOne = try database.prepare("SELECT value, revision FROM record WHERE section = ?1 AND key = ?2")
        self.selectSection = try database.prepare(
            """
            SELECT key, value, revision FROM record INDEXED BY record_by_revision
            WHERE section = ?1 AND revision > ?2 ORDER BY revision LIMIT ?3
            """
        )
        self.put = try database.prepare(
            """
            INSERT INTO record VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT DO UPDATE SET value = excluded.value, revision = excluded.revision
            """
        )
        self.erase = try database.prepare("DELETE FROM record WHERE section = ?1 AND key = ?2")
    }

    func revision() throws(StorageError) -> Int64 { try self.selectRevision.first { $0.integer(0) } ?? 0 }

    func setRevision(_ revision: Int64) throws(StorageError) {
        self.updateRevision.bind(1, revision)
        try self.updateRevision.run()
    }

    /// The record, also one that was struck off.
    func record(_ key: String, in section: String) throws(StorageError) -> Record? {
        self.selectOne.bind(1, text: section)
        self.selectOne.bind(2, text: key)
        return try self.selectOne.first { row in
            Record(section: section, key: key, value: row.optionalBytes(0), revision: row.integer(1))
        }
    }

    func records(in section: String, after revision: Int64, atMost count: Int) throws(StorageError) -> [Record] {
        let select = self.selectSection
        select.bind(1, text: section)
        select.bind(2, revision)
        select.bind(3, Int64(count))
        defer { select.reset() }
        var records: [Record] = []
        while try select.step() {
            records.append(
                Record(
                    section: section,
                    key: select.text(0),
                    value: select.optionalBytes(1),
                    revision: select.integer(2)
                )
            )
        }
        return records
    }

    func make(_ change: RecordChange, revision: Int64) throws(StorageError) {
        switch change.act {
        case .put(let value): try self.put(value, change.key, in: change.section, revision)
        case .strike: try self.put(nil, change.key, in: change.section, revision)
        case .erase:
            self.erase.bind(1, text: change.section)
            self.erase.bind(2, text: change.key)
            try self.erase.run()
        }
    }

    /// Takes a record that another store has.
    func take(_ record: Record) throws(StorageError) -> RecordArrival {
        let standing = try self.record(record.key, in: record.section)
        let last = try self.revision()
        let arrival = RecordArrival(of: record, over: standing, after: last)
        if case .put(let revision) = arrival {
            try self.put(record.value, record.key, in: record.section, revision)
            try self.setRevision(revision)
        }
        return arrival
    }

    private func put(
        _ value: [UInt8]?,
        _ key: String,
        in section: String,
        _ revision: Int64
    ) throws(StorageError) {
        self.put.bind(1, text: section)
        self.put.bind(2, text: key)
        if let value { self.put.bind(3, value.span) } else { self.put.bind(3, Int64?.none) }
        self.put.bind(4, revision)
        try self.put.run()
    }
}
