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
            case .kinds: "kinds"
            case .time: "time"
            }
        let residue =
            switch plan.residue {
            case .nothing: ""
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

    @Test func `a driver has as many leads as values, and ids are one`() {
        #expect(FilterPlan(.sample()).driver.leads == 1)
        #expect(FilterPlan(.sample(ids: [.absent(0), .absent(1)])).driver.leads == 1)
        #expect(FilterPlan(.sample(authors: Self.keys)).driver.leads == 100)
        #expect(FilterPlan(.sample(authors: Self.keys, kinds: [1, 2])).driver.leads == 100)
        #expect(FilterPlan(.sample(kinds: [1, 2, 3])).driver.leads == 3)
        #expect(FilterPlan(.sample(tags: ["t": ["x", "y"]])).driver.leads == 2)
    }
}
