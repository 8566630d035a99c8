import Backends
import Nostr
import Synchronization

/// A session that keeps events in memory, counts its transactions, and fails when it is told to.
final class FakeSession: StoreWriter {
    /// What the test sees of the session from outside its thread.
    final class Log: Sendable {
        let batches = Mutex<[Int]>([])
        let failure = Mutex<StorageError?>(nil)
        let isClosed = Mutex(false)
    }

    private let log: Log
    private var stored: Set<EventID> = []
    private var position: Int64 = 0

    init(_ log: Log) { self.log = log }

    func save(_ events: [Event]) throws(StorageError) -> SaveResult {
        if let failure = self.log.failure.withLock({ $0 }) { throw failure }
        self.log.batches.withLock { $0.append(events.count) }
        var outcomes: [SaveOutcome] = []
        for event in events {
            if self.stored.insert(event.id).inserted {
                self.position += 1
                outcomes.append(.stored(position: CommitPosition(self.position)))
            } else {
                outcomes.append(.duplicate)
            }
        }
        return SaveResult(outcomes: outcomes, removed: [])
    }

    func remove(positions: [Int64]) throws(StorageError) -> Int { 0 }
    func removeExpired(at now: Int64, atMost count: Int) throws(StorageError) -> [RemovedEvent] { [] }
    func purgeVanished(atMost count: Int) throws(StorageError) -> PurgedEvents { PurgedEvents(isComplete: true) }
    func hasForeignChanges() throws(StorageError) -> Bool { false }
    func takeForeignEvents(atMost count: Int) throws(StorageError) -> [StoredEvent] { [] }
    func close() { self.log.isClosed.withLock { $0 = true } }
}
