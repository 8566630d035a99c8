import Testing

@testable import Backends

@Suite struct AllowanceTests {
    private static func given(_ allowance: Allowance, _ runs: (second: Int64, count: Int)...) -> [Int] {
        var allowance = allowance
        return runs.map { run in allowance.admits(run.second) ? allowance.take(run.count, of: run.second) : -1 }
    }

    @Test func `what a client asks for is never exceeded`() {
        #expect(Self.given(Allowance(asked: 3, limit: 10), (9, 2), (8, 5), (8, 5)) == [2, 1, -1])
        #expect(Self.given(Allowance(asked: 0, limit: 10), (9, 1)) == [-1])
        #expect(Self.given(Allowance(asked: nil, limit: nil), (9, 100), (8, 100)) == [100, 100])
    }

    @Test func `the second amid which the relay's limit falls is told to its end`() {
        #expect(Self.given(Allowance(asked: nil, limit: 3), (9, 2), (8, 5), (8, 1), (7, 1)) == [2, 5, 1, -1])
        #expect(Self.given(Allowance(asked: nil, limit: 3), (9, 3), (8, 1)) == [3, -1])
        #expect(Self.given(Allowance(asked: nil, limit: 3), (9, 1), (9, 1), (9, 1), (9, 1)) == [1, 1, 1, 1])
        #expect(Self.given(Allowance(asked: 5, limit: 3), (9, 2), (8, 9), (8, 1)) == [2, 3, -1])
    }

    @Test func `a second has an end at last`() {
        #expect(Self.given(Allowance(asked: nil, limit: 10), (9, 1_000_000), (9, 1)) == [5_010, -1])
    }

    @Test func `where there are no more events than these, nothing is kept for more`() {
        #expect(Self.given(Allowance(asked: nil, limit: 10).clamped(to: 4), (9, 9), (9, 1)) == [4, -1])
        #expect(Self.given(Allowance(asked: nil, limit: 10).clamped(to: 11), (9, 11), (9, 1)) == [11, 1])
    }
}
