import Payments
import Testing

@Suite("An amount")
struct MillisatoshiTests {
    @Test(
        "is read with its unit",
        arguments: [("21 sat", 21_000), ("1500 msat", 1_500), ("0 sat", 0)] as [(String, Int64)]
    )
    func readsUnits(text: String, amount: Int64) {
        #expect(Millisatoshi(parsing: text)?.amount == amount)
    }

    @Test(
        "is nothing without a unit, negative, broken or too large",
        arguments: ["21", "sat", "-1 sat", "1.5 sat", "1 btc", "21sat", "", "9223372036854775807 sat", "1 sat sat"]
    )
    func refusesOthers(text: String) {
        #expect(Millisatoshi(parsing: text) == nil)
        #expect(Millisatoshi(-1) == nil)
    }

    @Test("is written so that it reads as itself", arguments: [0, 1, 999, 1_000, 21_000, Int64.max] as [Int64])
    func roundTrips(amount: Int64) {
        let value = Millisatoshi(amount)
        #expect(value.flatMap { Millisatoshi(parsing: $0.description) } == value)
    }
}
