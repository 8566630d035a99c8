import Backends
import Logging
import NIOCore
import NIOEmbedded
import Nostr
import Synchronization
import TestSupport
import Testing

@testable import Actors

/// Transactions that wait for events whose signatures are being checked, by a clock that the test moves.
@Suite struct ExpectedEventsTests {
    private let loop = NIOAsyncTestingEventLoop()
    private let log = FakeSession.Log()
    private let writer: StorageWriter

    init() {
        self.writer = StorageWriter(
            on: self.loop,
            session: FakeSession(self.log),
            broadcast: Broadcast([]),
            metrics: Metrics(),
            clock: .system,
            logger: Logger(label: "test")
        )
    }

    private var batches: [Int] { self.log.batches.withLock { $0 } }

    private static func events(_ count: Int, _ name: String = "") throws -> [Event] {
        let event = try Make.event(content: name)
        // What a session makes of events that it has is not the matter here.
        return [Event](repeating: event, count: count)
    }

    @Test func `what comes while nothing is expected is committed at once`() async throws {
        for expected in [0, -3] {
            self.writer.expect(expected)
            #expect(try await self.writer.save(Self.events(1)).count == 1)
        }
        #expect(self.batches == [1, 1])
        await self.loop.shutdownGracefully()
    }

    @Test func `a small transaction takes what was expected along`() async throws {
        self.writer.expect(2)
        let first = await self.writer.start(try Self.events(1))
        await self.loop.advanceTime(by: .milliseconds(4))
        #expect(self.batches == [])
        self.writer.expect(-2)
        let second = await self.writer.start(try Self.events(2))
        #expect(try await first.value.count == 1)
        #expect(try await second.value.count == 2)
        await self.loop.advanceTime(by: .milliseconds(50))
        #expect(self.batches == [3])
        await self.loop.shutdownGracefully()
    }

    @Test func `what does not come is waited for five milliseconds, be it still expected or not`() async throws {
        for isGivenUp in [false, true] {
            self.writer.expect(1)
            let saved = await self.writer.start(try Self.events(1))
            if isGivenUp { self.writer.expect(-1) }
            await self.loop.advanceTime(by: .microseconds(4_999))
            #expect(self.batches.count == (isGivenUp ? 1 : 0))
            await self.loop.advanceTime(by: .microseconds(1))
            #expect(try await saved.value.count == 1)
            #expect(self.batches.count == (isGivenUp ? 2 : 1))
            if !isGivenUp { self.writer.expect(-1) }
        }
        await self.loop.shutdownGracefully()
    }

    @Test func `each waits for itself, and goes with the first whose patience ends`() async throws {
        self.writer.expect(9)
        let first = await self.writer.start(try Self.events(1))
        await self.loop.advanceTime(by: .milliseconds(4))
        let second = await self.writer.start(try Self.events(1))
        await self.loop.advanceTime(by: .milliseconds(1))
        #expect(try await [first.value.count, second.value.count] == [1, 1])
        #expect(self.batches == [2])
        // The timer of the second is for a commit that has been made.
        let third = await self.writer.start(try Self.events(1))
        await self.loop.advanceTime(by: .microseconds(4_999))
        #expect(self.batches == [2])
        await self.loop.advanceTime(by: .microseconds(1))
        #expect(try await third.value.count == 1)
        await self.loop.shutdownGracefully()
    }

    @Test func `256 events wait for nothing`() async throws {
        self.writer.expect(1_000)
        let first = await self.writer.start(try Self.events(255))
        #expect(self.batches == [])
        let second = await self.writer.start(try Self.events(1))
        #expect(try await [first.value.count, second.value.count] == [255, 1])
        #expect(try await self.writer.save(Self.events(256)).count == 256)
        #expect(self.batches == [256, 256])
        await self.loop.shutdownGracefully()
    }

    @Test func `a writer that closes saves what waits, and its timer finds nothing`() async throws {
        self.writer.expect(5)
        let saved = await self.writer.start(try Self.events(3))
        await self.writer.close()
        #expect(try await saved.value.count == 3)
        await self.loop.advanceTime(by: .milliseconds(50))
        #expect(self.batches == [3])
        #expect(self.log.isClosed.withLock { $0 })
        await self.loop.shutdownGracefully()
    }

    @Test func `a transaction that waited and fails is answered, and the next one is not`() async throws {
        self.writer.expect(1)
        self.log.failure.withLock { $0 = .diskFull }
        let failing = await self.writer.start(try Self.events(1))
        await self.loop.advanceTime(by: .milliseconds(5))
        await #expect(throws: StorageError.diskFull) { try await failing.value }
        self.log.failure.withLock { $0 = nil }
        let good = await self.writer.start(try Self.events(1))
        await self.loop.advanceTime(by: .milliseconds(5))
        #expect(try await good.value.count == 1)
        await self.loop.shutdownGracefully()
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `whatever is expected, and however wrongly, every save is answered in time`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        var saves: [(size: Int, task: Task<[SaveOutcome], any Error>)] = []
        for step in 0..<200 {
            switch random.below(5) {
            case 0: self.writer.expect(random.pick([1, 3, 300]))
            case 1: self.writer.expect(-random.pick([1, 3, 299]))
            case 2: await self.loop.advanceTime(by: .microseconds(Int64(random.below(3_000))))
            default:
                let size = random.pick([0, 1, 1, 2, 30, 255, 256, 700])
                saves.append((size, await self.writer.start(try Self.events(size, "\(step)"))))
            }
        }
        await self.loop.advanceTime(by: .milliseconds(5))
        for (size, task) in saves { #expect(try await task.value.count == size, "seed \(seed)") }
        #expect(self.batches.reduce(0, +) == saves.reduce(0) { $0 + $1.size })
        #expect(self.batches.allSatisfy { $0 < 2_000 + 700 })
        await self.loop.shutdownGracefully()
    }
}

extension StorageWriter {
    /// Hands events over; when it returns they wait for their transaction, or are on their way into it.
    fileprivate func start(_ events: [Event]) -> Task<[SaveOutcome], any Error> {
        Task.immediate { try await self.save(events) }
    }
}
