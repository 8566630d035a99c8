import Actors
import Testing

@Suite("The rate limiter")
struct RateLimiterTests {
    @Test("admits an address until it has as many connections open as it may")
    func openConnections() async {
        let limiter = RateLimiter(rates: Rates(addressOpenConnections: 2))
        #expect(await limiter.admit("a", now: 0) == .admitted)
        #expect(await limiter.admit("a", now: 0) == .admitted)
        #expect(await limiter.admit("a", now: 0) == .refused(.tooManyOpen))
        #expect(await limiter.admit("b", now: 0) == .admitted)
        await limiter.release("a")
        #expect(await limiter.admit("a", now: 0) == .admitted)
    }

    @Test("tells an address that opens connections too often when to come back")
    func newConnections() async {
        let rates = Rates(addressConnections: Rates.Rate(perSecond: 0.5, burst: 1))
        let limiter = RateLimiter(rates: rates)
        #expect(await limiter.admit("a", now: 0) == .admitted)
        await limiter.release("a")
        #expect(await limiter.admit("a", now: 0) == .refused(.tooOften(retrySeconds: 2)))
        #expect(await limiter.admit("a", now: 2) == .admitted)
    }

    @Test("holds the number of all connections")
    func allConnections() async {
        let limiter = RateLimiter(rates: Rates(openConnections: 2))
        #expect(await limiter.admit("a", now: 0) == .admitted)
        #expect(await limiter.admit("b", now: 0) == .admitted)
        #expect(await limiter.admit("c", now: 0) == .refused(.full))
        await limiter.release("a")
        #expect(await limiter.admit("c", now: 0) == .admitted)
    }

    @Test("goes by new rates from the moment they apply")
    func newRates() async {
        let limiter = RateLimiter(rates: Rates(addressOpenConnections: 1))
        #expect(await limiter.admit("a", now: 0) == .admitted)
        await limiter.apply(Rates(addressOpenConnections: 2))
        #expect(await limiter.admit("a", now: 0) == .admitted)
    }
}
