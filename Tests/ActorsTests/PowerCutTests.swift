import Logging
import NIOCore
import NIOPosix
import Nostr
import TestSupport
import Testing

@testable import Actors
@testable import Backends

/// Many publishers at once on a disk whose power goes: whatever `save` has answered is there afterwards.
@Suite("The storage writer and a power cut")
struct PowerCutTests {
    @Test("loses nothing that it answered", arguments: 20_261_901...20_261_910 as ClosedRange<UInt64>)
    func powerCut(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let disk = PowerCutDisk(seed: seed)
        var store = SQLiteStore(path: "events.db", pageCacheBytes: 0)
        store.vfs = disk.vfsName
        var answered: Set<EventID> = []
        for boot in 0..<5 {
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            let writer = StorageWriter(
                on: group.next(),
                session: try store.openWriter(),
                broadcast: Broadcast([]),
                metrics: Metrics(),
                clock: .system,
                logger: Logger(label: "test")
            )
            disk.cutPower(afterOperations: 20 + random.below(400))
            let more = await withTaskGroup(of: Set<EventID>.self) { tasks in
                for publisher in 0..<8 {
                    tasks.addTask { await Self.publish(to: writer, prefix: "\(boot) \(publisher)") }
                }
                return await tasks.reduce(into: Set<EventID>()) { $0.formUnion($1) }
            }
            #expect(disk.cuts == boot + 1, "publishers stop when the power goes and not before")
            answered.formUnion(more)
            await writer.close()
            try await group.shutdownGracefully()
            #expect(try answered.isSubset(of: Self.stored(in: store)), "seed \(seed), boot \(boot)")
        }
        #expect(answered.count > 20)
    }

    private static func stored(in store: SQLiteStore) throws -> Set<EventID> {
        let reader = try store.openReader()
        var stored: Set<EventID> = []
        var cursor = CommitCursor(after: .empty)
        while true {
            let stretch = try reader.events(after: cursor, atMost: 1_000)
            stored.formUnion(stretch.events.map(\.event.id))
            if stretch.isComplete { return stored }
            cursor = stretch.cursor
        }
    }

    /// Saves events until the writer fails; returns those that it answered as stored.
    private static func publish(to writer: StorageWriter, prefix: String) async -> Set<EventID> {
        var answered: Set<EventID> = []
        for number in 0... {
            do {
                let event = try Make.event(content: "\(prefix) \(number)", createdAt: Int64(number))
                let outcomes = try await writer.save([event])
                guard case .stored = outcomes.first else {
                    Issue.record("\(outcomes)")
                    break
                }
                answered.insert(event.id)
            } catch {
                break
            }
        }
        return answered
    }
}
