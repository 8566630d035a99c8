import Foundation
import Synchronization
import Testing

/// Threads that do something at the same time.
final class Threads<Value: Sendable>: Sendable {
    /// What a thread gives, with a lock that nobody else waits for: a sanitizer does not see all of a contended one.
    private final class Slot: Sendable {
        let result: Mutex<Result<Value, any Error>?> = Mutex(nil)
    }

    private let slots: [Slot]
    private let finished = Atomic<Int>(0)
    private let arrivals = Atomic<Int>(0)

    private init(_ count: Int) { self.slots = (0..<count).map { _ in Slot() } }

    /// Runs `body` on threads of their own; returns what each gives, in their order.
    ///
    /// - Parameter body: takes the number of the thread, and what waits until all threads have come to that place.
    static func run(
        _ count: Int,
        _ body: @escaping @Sendable (Int, _ meet: () -> Void) throws -> Value
    ) throws -> [Value] {
        let threads = Threads(count)
        for number in 0..<count {
            Thread.detachNewThread {
                var meetings = 0
                let meet = {
                    meetings += 1
                    threads.meet(meetings)
                }
                let result = Result { try body(number, meet) }
                // Nobody waits for one that has failed.
                if case .failure = result { threads.arrivals.add(1_000_000, ordering: .relaxed) }
                threads.slots[number].result.withLock { $0 = result }
                threads.finished.add(1, ordering: .releasing)
            }
        }
        for _ in 0..<60_000 where threads.finished.load(ordering: .acquiring) < count { usleep(5_000) }
        try #require(threads.finished.load(ordering: .acquiring) == count)
        return try threads.slots.map { slot in try #require(slot.result.withLock { $0 }).get() }
    }

    private func meet(_ number: Int) {
        self.arrivals.add(1, ordering: .relaxed)
        while self.arrivals.load(ordering: .relaxed) < number * self.slots.count { usleep(10) }
    }
}
