import Backends
import Logging
import NIOCore
import NIOPosix
import Nostr
import Synchronization
import Testing

@testable import Actors

@Suite("The storage writer")
struct StorageWriterTests {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private func writer(_ log: FakeSession.Log) -> StorageWriter {
        StorageWriter(
            on: self.group.next(),
            session: FakeSession(log),
            broadcast: Broadcast([]),
            metrics: Metrics(),
            clock: .system,
            logger: Logger(label: "test")
        )
    }

    @Test("joins saves that wait into one transaction, and answers each with its own outcomes")
    func groupCommit() async throws {
        let log = FakeSession.Log()
        let writer = self.writer(log)
        let events = try (0..<64).map { try Make.event(content: "\($0)") }
        let outcomes = try await withThrowingTaskGroup(of: (Int, [SaveOutcome]).self) { group in
            for index in 0..<32 {
                group.addTask { (index, try await writer.save([events[index * 2], events[index * 2 + 1]])) }
            }
            var outcomes: [Int: [SaveOutcome]] = [:]
            for try await (index, some) in group { outcomes[index] = some }
            return outcomes
        }
        let batches = log.batches.withLock { $0 }
        #expect(batches.reduce(0, +) == 64)
        #expect(batches.count <= 32)
        let positions = outcomes.values.flatMap { $0 }.compactMap { outcome -> Int64? in
            guard case .stored(let position) = outcome else { return nil }
            return position.row
        }
        #expect(Set(positions) == Set(1...64))
        #expect(try await writer.save([events[0]]) == [.duplicate])
        try await self.group.shutdownGracefully()
    }

    @Test("answers every save of a transaction that fails with the failure, and goes on with the next")
    func failure() async throws {
        let log = FakeSession.Log()
        let writer = self.writer(log)
        log.failure.withLock { $0 = .diskFull }
        await #expect(throws: StorageError.diskFull) { try await writer.save([try Make.event()]) }
        log.failure.withLock { $0 = nil }
        #expect(try await writer.save([try Make.event()]) == [.stored(position: CommitPosition(1))])
        try await self.group.shutdownGracefully()
    }

    @Test("saves nothing after it was closed")
    func closed() async throws {
        let log = FakeSession.Log()
        let writer = self.writer(log)
        await writer.close()
        #expect(log.isClosed.withLock { $0 })
        await #expect(throws: StorageError.self) { try await writer.save([try Make.event()]) }
        try await self.group.shutdownGracefully()
    }
}
