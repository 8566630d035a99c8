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

    @Test("ends once, with the number of its failures; the next one is told at once")
    func ending() {
        var outage = Outage()
        var ends = [outage.end()]
        _ = outage.note("full", at: 1)
        _ = outage.note("full", at: 2)
        ends += [outage.end(), outage.end()]
        #expect(ends == [nil, 2, nil])
        let isTold = outage.note("full", at: 3)
        #expect(isTold)
    }
}
