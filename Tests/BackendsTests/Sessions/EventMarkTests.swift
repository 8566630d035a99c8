import Nostr
import Testing

@testable import Backends

/// What all stored events are told apart by.
@Suite struct EventMarkTests {
    private static func all(_ reader: any StoreReader, by count: Int) throws -> [EventMark] {
        var marks: [EventMark] = []
        var next: Int64? = 0
        while let row = next {
            let stretch = try reader.marks(after: row, atMost: count)
            marks += stretch.marks
            #expect(stretch.marks.count <= count)
            next = stretch.next
        }
        return marks
    }

    @Test(arguments: Backend.allCases)
    func `marks name each stored event once, by its row`(backend: Backend) throws {
        let store = try TestStore(backend)
        #expect(try Self.all(store.reader, by: 5) == [])
        let events = (0..<12).map { number in
            Event.sample(
                kind: number.isMultiple(of: 3) ? 1059 : 1,
                at: Int64(1_000 - number),
                tags: number.isMultiple(of: 4) ? [["expiration", "\(9_000 + number)"]] : [],
                content: "\(number)"
            )
        }
        let rows = try store.storeAll(events)
        let expected = Set(zip(events, rows).map { EventMark($0, row: $1) })
        for count in [1, 5, 6, 12, 100] {
            let marks = try Self.all(store.reader, by: count)
            #expect(marks.count == 12 && Set(marks) == expected)
            #expect(marks.map(\.row) == marks.map(\.row).sorted())
        }
        #expect(expected.count { $0.expiresAt != nil } == 3)
        #expect(try store.writer.remove(positions: [rows[0], rows[5], rows[11]]) == 3)
        let left = try Self.all(store.reader, by: 4)
        #expect(Set(left) == expected.filter { ![rows[0], rows[5], rows[11]].contains($0.row) })
    }
}
