import Backends

/// Sessions that tests make up store nothing that could be marked or counted.
extension StoreReader {
    func marks(after row: Int64, atMost count: Int) throws(StorageError) -> EventMarks {
        throw .failed("nothing is asked for")
    }

    func advance(_ count: consuming StoredCount, bounds: PageBounds) throws(StorageError) -> StoredCount {
        throw .failed("nothing is asked for")
    }
}
