import Foundation
import Synchronization
import Testing

/// Threads that do something at the same time.
final class Threads<Value: Sendable>: Sendable {
    private let results: Mutex<[Int: Result<Value, any Error>]> = Mutex([:])
    private let arrivals = Atomic<Int>(0)
    private let count: Int

    private init(_ count: Int) { self.count = count }

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
                threads.results.withLock { $0[number] = result }
            }
        }
        for _ in 0..<60_000 where threads.results.withLock({ $0.count < count }) { usleep(5_000) }
        return try (0..<count).map { number in
            try #require(threads.results.withLock { $0[number] }).get()
        }
    }

    private func meet(_ number: Int) {
        self.arrivals.add(1, ordering: .relaxed)
        while self.arrivals.load(ordering: .relaxed) < number * self.count { usleep(10) }
    }
}
