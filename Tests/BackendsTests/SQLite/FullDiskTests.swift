import Foundation
import Nostr
import Testing

@testable import Backends

/// A disk that is really full: an answer and not a crash, and what was answered as stored stays.
@Suite struct FullDiskTests {
    private static let text = String(repeating: "x", count: 20_000)

    /// Saves until the disk is full; returns what was stored.
    private static func fill(_ writer: any StoreWriter, from first: Int) throws -> [EventID] {
        var stored: [EventID] = []
        for number in first..<first + 2_000 {
            let event = Event.sample(at: Int64(number), tags: [["t", "x"]], content: "\(number)\(Self.text)")
            do throws(StorageError) {
                try #expect(writer.save([event]).outcomes.allSatisfy { $0.isStored })
                stored.append(event.id)
            } catch {
                #expect(error == .diskFull)
                return stored
            }
        }
        Issue.record("the disk is not full")
        return stored
    }

    @Test(.needsSmallDisk)
    func `a full disk is said, what was stored before stays, and all goes on when there is room`() throws {
        let disk = try #require(try SmallDisk(kibibytes: 6_000))
        let store = SQLiteStore(path: disk.folder.path("events.db"), pageCacheBytes: 1 << 20)
        let writer = try store.openWriter()
        let reader = try store.openReader()
        try disk.folder.write([UInt8](repeating: 1, count: 2_000_000), to: "filler")
        var stored = try Self.fill(writer, from: 0)
        #expect(stored.count > 20)
        #expect(try reader.ids(.sample(tags: ["t": ["x"]])) == stored.reversed())
        for number in 5_000..<5_003 {
            let event = Event.sample(at: 1, content: "\(number)\(Self.text)")
            #expect(throws: StorageError.diskFull) { try writer.save([event]) }
        }
        try FileManager.default.removeItem(atPath: disk.folder.path("filler"))
        stored += try Self.fill(writer, from: 3_000)
        #expect(try reader.ids(.sample(tags: ["t": ["x"]])) == stored.reversed())
        #expect(try writer.takeForeignEvents(atMost: 9).isEmpty)
        let late = try store.openReader()
        #expect(try late.ids(Filter()) == stored.reversed())
        #expect(try late.pages(of: .everything()).flatMap(\.positions) == (1...Int64(stored.count)).reversed())
    }
}
