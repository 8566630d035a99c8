import Nostr
import Testing

@testable import Backends

@Suite struct FilterPlanTests {
    /// The driver and what is left to check, in words.
    private static func plan(_ filter: Filter) -> String {
        let plan = FilterPlan(filter)
        let driver =
            switch plan.driver {
            case .ids: "ids"
            case .tag(let condition): "#\(Character(Unicode.Scalar(condition.letter)))"
            case .authorKinds: "authors and kinds"
            case .authors: "authors"
            case .members(_, let kinds): kinds == nil ? "scan" : "scan by kind"
            case .kinds: "kinds"
            case .time: "time"
            }
        let residue =
            switch plan.residue {
            case .nothing: ""
            case .id: ", id"
            case .tagValue: ", value"
            case .everything: ", everything"
            }
        return driver + residue
    }

    private static let keys = (0..<100).map { PublicKey.sample($0) }

    @Test func `every shape of filter has its index, and what that leaves open is checked`() {
        let key = PublicKey.sample(0)
        let cases: [(Filter, String)] = [
            (.sample(), "time"), (.sample(since: 1, until: 2, limit: 3), "time"),
            (.sample(ids: [.absent(0)], authors: [key], kinds: [1], tags: ["t": ["x"]]), "ids, everything"),
            (.sample(ids: [.absent(0)], since: 1, limit: 3), "ids, id"),
            (.sample(kinds: [1, 2]), "kinds"), (.sample(authors: [key]), "authors"),
            (.sample(authors: [key], kinds: [1]), "authors and kinds"), (.sample(tags: ["t": ["x"]]), "#t, value"),
            (.sample(kinds: [1], tags: ["t": ["x"]]), "#t, value"),
            (.sample(tags: ["t": ["x"], "p": ["y"]]), "#p, everything"),
            (.sample(authors: [key], tags: ["t": ["x"]]), "authors, everything"),
            (.sample(authors: [key], kinds: [1], tags: ["t": ["x"]]), "authors and kinds, everything"),
        ]
        for (filter, expected) in cases { #expect(Self.plan(filter) == expected) }
    }

    @Test func `a tag that names one thing goes before authors and before topics`() {
        for letter in "eEaAqi" {
            let filter = Filter.sample(authors: [.sample(0)], kinds: [1], tags: [letter: ["x", "y"], "t": ["z"]])
            #expect(Self.plan(filter) == "#\(letter), everything")
        }
    }

    @Test func `the condition of fewest values leads, and many authors are no lead`() {
        #expect(Self.plan(.sample(tags: ["p": ["x", "y"], "t": ["z"]])) == "#t, everything")
        #expect(Self.plan(.sample(tags: ["e": ["x", "y"], "q": ["z"]])) == "#q, everything")
        #expect(Self.plan(.sample(authors: Self.keys, tags: ["t": ["x"]])) == "#t, everything")
        #expect(Self.plan(.sample(authors: Array(Self.keys[..<8]), tags: ["t": ["x"]])) == "authors, everything")
        #expect(Self.plan(.sample(authors: Array(Self.keys[..<9]), tags: ["t": ["x"]])) == "#t, everything")
    }

    @Test func `for many authors a scan is tried first, unless they ask for many kinds`() {
        #expect(Self.plan(.sample(authors: Self.keys)) == "scan")
        #expect(Self.plan(.sample(authors: Self.keys, kinds: [1, 6])) == "scan by kind")
        #expect(Self.plan(.sample(authors: Array(Self.keys[..<6]))) == "authors")
        #expect(Self.plan(.sample(authors: Array(Self.keys[..<12]), kinds: [1, 6])) == "authors and kinds")
        #expect(Self.plan(.sample(authors: Self.keys, kinds: (1...9).map { Kind($0) })) == "authors and kinds")
        #expect(Self.plan(.sample(authors: Self.keys, kinds: [1], tags: ["t": ["x"]])) == "#t, everything")
    }

    @Test func `what can match at most is known of ids and of replaceable kinds`() {
        func most(_ filter: Filter) -> Int? { FilterPlan(filter).mostEvents(of: filter) }
        #expect(most(.sample(ids: [.absent(0), .absent(1)])) == 2)
        #expect(most(.sample(authors: Self.keys, kinds: [0, 3])) == 200)
        #expect(most(.sample(authors: Self.keys, kinds: [0, 1])) == nil)
        #expect(most(.sample(authors: Self.keys)) == nil)
        #expect(most(.sample(kinds: [0])) == nil)
    }

    @Test func `a driver has as many leads as values, and ids are one`() {
        #expect(FilterPlan(.sample()).driver.leads == 1)
        #expect(FilterPlan(.sample(ids: [.absent(0), .absent(1)])).driver.leads == 1)
        #expect(FilterPlan(.sample(authors: Self.keys)).driver.leads == 1)
        #expect(FilterPlan(byAuthors: .sample(authors: Self.keys)).driver.leads == 100)
        #expect(FilterPlan(.sample(authors: Self.keys, kinds: [1, 2])).driver.leads == 2)
        #expect(FilterPlan(byAuthors: .sample(authors: Self.keys, kinds: [1, 2])).driver.leads == 100)
        #expect(FilterPlan(.sample(kinds: [1, 2, 3])).driver.leads == 3)
        #expect(FilterPlan(.sample(tags: ["t": ["x", "y"]])).driver.leads == 2)
    }
}
