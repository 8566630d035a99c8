import Synchronization

/// The readers, taken in turn.
public final class ReaderPool: Sendable {
    private let readers: [StorageReader]
    private let turn = Atomic<Int>(0)

    /// - Parameter readers: at least one.
    public init(_ readers: [StorageReader]) {
        precondition(!readers.isEmpty, "A pool has at least one reader.")
        self.readers = readers
    }

    /// The reader whose turn it is.
    public var next: StorageReader {
        let turn = self.turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return self.readers[Int(UInt(bitPattern: turn) % UInt(self.readers.count))]
    }
}
