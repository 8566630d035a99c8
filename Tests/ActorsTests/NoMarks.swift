import Backends

/// Sessions that tests make up store nothing that could be marked.
extension StoreReader {
    func marks(after row: Int64, atMost count: Int) throws(StorageError) -> EventMarks {
        throw .failed("nothing is asked for")
    }
}
