import Nostr
import Testing

@testable import Backends

/// Tag values are matched byte by byte, whatever they hold and however long they are.
@Suite struct TagValueTests {
    private static let long = String(repeating: "0123456789abcde\\", count: 1_280)
    private static let values = [
        "", " ", "x", "X", "é", "e\u{301}", "😀", "\0", "\u{1}", "\u{1F}", "\u{7F}", "\n", "\\n", "\\", "\\\\", "\"",
        "\\\"", "\\u0000", "/", "\\/", "\",\"t\",\"", "[\"t\",\"x\"]", "]],\"content\":\"", "\u{2028}", "\u{FEFF}",
        long, long + "x", "x" + long, String(long.dropLast()), "%", "_", "'", ";", "NULL", "1", "01", "1.0",
    ]

    @Test(arguments: Backend.allCases)
    func `every value finds its own event and no other`(backend: Backend) throws {
        let store = try TestStore(backend)
        let events = Self.values.map { Event.sample(tags: [["t", $0, "x"]]) }
        try store.storeAll(events)
        for (value, event) in zip(Self.values, events) {
            #expect(try store.reader.ids(.sample(tags: ["t": [value]])) == [event.id], "\(value.prefix(40))")
            #expect(try store.reader.ids(.sample(authors: [.sample(0)], tags: ["t": [value]])) == [event.id])
            #expect(try store.reader.ids(.sample(tags: ["T": [value]])).isEmpty)
        }
        let all = try store.reader.ids(.sample(tags: ["t": Self.values]))
        #expect(all == events.map(\.id).sorted())
    }

    @Test(arguments: Backend.allCases)
    func `all spellings of a value in JSON ask for the same`(backend: Backend) throws {
        let store = try TestStore(backend)
        let event = Event.sample(tags: [["t", "é\n\"\\/\0"]])
        try store.storeAll([event, .sample(tags: [["t", "e\u{301}\n\"\\/\0"]])])
        for spelling in [#"é\n\"\\/\u0000"#, #"\u00e9\u000A\u0022\u005c\/\u0000"#, #"\u00E9\n\"\\\u002f\u0000"#] {
            let filter = try Filter(parsing: ##"{"#t":["\##(spelling)"]}"##)
            #expect(try store.reader.ids(filter) == [event.id])
        }
    }

    @Test(arguments: Backend.allCases)
    func `only the second element of a tag of one letter can be asked for`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll([
            .sample(tags: [
                ["t", "a", "b"], ["t"], ["tt", "c"], ["", "d"], ["1", "e"], ["é", "f"], ["x", "t", "g"],
            ])
        ])
        for value in ["b", "c", "d", "e", "f", "g", ""] {
            #expect(try store.reader.ids(.sample(tags: ["t": [value]])).isEmpty)
        }
        #expect(try store.reader.ids(.sample(tags: ["t": ["a"]])).count == 1)
        #expect(try store.reader.ids(.sample(tags: ["x": ["t"]])).count == 1)
    }

    @Test(arguments: Backend.allCases)
    func `text that looks like a tag elsewhere in the event is none`(backend: Backend) throws {
        let store = try TestStore(backend)
        try store.storeAll([
            .sample(tags: [["alt", #"["t","x"]"#], ["t", "y"]], content: #"[["t","x"]]"#),
            .sample(tags: [["["], ["t"], [",", "t", "x"]], content: #"["t","x"#),
        ])
        #expect(try store.reader.ids(.sample(tags: ["t": ["x"]])).isEmpty)
    }

    @Test(arguments: Backend.allCases)
    func `a tag that an event holds twice, or many values of one letter, give it once`(backend: Backend) throws {
        let store = try TestStore(backend)
        let values = (0..<500).map { "\($0)" }
        let event = Event.sample(tags: values.map { ["t", $0] } + values.map { ["t", $0, "again"] })
        try store.storeAll([event])
        #expect(try store.reader.ids(.sample(tags: ["t": values])) == [event.id])
        let bounds = PageBounds(rows: 3)
        #expect(try store.reader.ids(answering: .of([.sample(tags: ["t": values])]), bounds: bounds) == [event.id])
        #expect(try store.reader.ids(.sample(tags: ["t": values], limit: 1)) == [event.id])
    }
}
