import Testing

@testable import Actors

@Suite("An outage")
struct OutageTests {
    @Test("is told at once, then every minute, and once more where its reason changes")
    func telling() {
        var outage = Outage()
        let failures = [
            ("full", 10), ("full", 10.5), ("full", 69.9), ("full", 70), ("full", 71), ("busy", 72), ("busy", 73),
            ("full", 72.5), ("busy", 72.6),
        ]
        let told = failures.filter { outage.note($0.0, at: $0.1) }
        #expect(told.map(\.1) == [10, 70, 72])
        #expect(outage.failures == 9)
    }

    @Test("is over when nothing has failed for a while, and the next one is told at once")
    func ending() {
        var outage = Outage()
        var ends = [outage.end(at: 0)]
        _ = outage.note("full", at: 1)
        ends.append(outage.end(at: 2))
        let again = outage.note("full", at: 3)
        ends += [outage.end(at: 7.9), outage.end(at: 8), outage.end(at: 9)]
        #expect(ends == [nil, nil, nil, 2, nil])
        let next = outage.note("full", at: 10)
        #expect(!again && next)
    }
}
