import Testing

@testable import Server

struct RateTests {
    @Test(arguments: [
        ("600/m", Rate(count: 600, per: .minute), "600/m"),
        ("20/s burst 100", Rate(count: 20, per: .second, burst: 100), "20/s burst 100"),
        ("60/m burst 60", Rate(count: 60, per: .minute, burst: 60), "60/m"),
        ("1/d burst 1", Rate(count: 1, per: .day), "1/d"),
        ("5/h   burst   3", Rate(count: 5, per: .hour, burst: 3), "5/h burst 3"),
    ])
    func `a rate is read and shown`(text: String, rate: Rate, shown: String) throws {
        #expect(try Rate(parsing: text) == rate)
        #expect(rate.description == shown)
        #expect(try Rate(parsing: shown) == rate)
    }

    @Test(arguments: [
        "", "600", "600/", "/m", "600/x", "600/min", "600 /m", "0/s", "-1/s", "1.5/s", "01/s", "20/s 100", "20/s burst",
        "20/s burst 0", "20/s burst -1", "20/s burst 5 6", "20/s burst 5x", "20/sburst", "20/s,burst 5", "1000000001/s",
        "99999999999999999999999/s", "20/s burst 99999999999999999999999", "none",
    ])
    func `what is no rate is refused`(text: String) {
        #expect(throws: InvalidText.self) { try Rate(parsing: text) }
    }

    @Test func `the unit is the time for the count`() {
        #expect(Rate.Unit.allCases.map(\.duration) == [.seconds(1), .seconds(60), .seconds(3600), .seconds(86400)])
        #expect(Rate(count: 1, per: .minute).interval == .seconds(60))
    }
}
