import Backends

/// Sessions that tests make up keep no records.
extension StoreWriter {
    func apply(_ changes: [RecordChange]) throws(StorageError) -> RecordOutcome { .refused(index: 0) }
}

extension StoreReader {
    func recordRevision() throws(StorageError) -> Int64 { 0 }
    func records(in section: String, after revision: Int64, atMost count: Int) throws(StorageError) -> [Record] { [] }
    func record(_ key: String, in section: String) throws(StorageError) -> Record? { nil }
}
