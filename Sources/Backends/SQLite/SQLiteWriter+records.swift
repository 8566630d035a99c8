extension SQLiteWriter {
    func apply(_ changes: [RecordChange]) throws(StorageError) -> RecordOutcome {
        try self.write { (_) throws(StorageError) in
            let statements = self.records
            for (index, change) in changes.enumerated() {
                guard change.mayApply(to: try statements.record(change.key, in: change.section)) else {
                    return .refused(index: index)
                }
            }
            var revision = try statements.revision()
            for change in changes {
                revision += 1
                try statements.make(change, revision: revision)
            }
            try statements.setRevision(revision)
            return .applied(revision: revision)
        }
    }
}

extension SQLiteReader {
    func recordRevision() throws(StorageError) -> Int64 { try self.records.revision() }

    func records(in section: String, after revision: Int64, atMost count: Int) throws(StorageError) -> [Record] {
        try self.records.records(in: section, after: revision, atMost: count)
    }

    func record(_ key: String, in section: String) throws(StorageError) -> Record? {
        guard let record = try self.records.record(key, in: section), record.value != nil else { return nil }
        return record
    }
}
