import Actors
import Testing

@Suite("A token bucket")
struct TokenBucketTests {
    private let rate = Rates.Rate(perSecond: 2, burst: 3)

    @Test("gives its burst at once, then says how long to wait")
    func burstThenWait() {
        var bucket = TokenBucket(self.rate, now: 100)
        #expect(bucket.take(self.rate, now: 100) == nil)
        #expect(bucket.take(self.rate, now: 100) == nil)
        #expect(bucket.take(self.rate, now: 100) == nil)
        #expect(bucket.take(self.rate, now: 100) == 0.5)
    }

    @Test("fills again with time, up to its burst and no further")
    func refills() {
        var bucket = TokenBucket(self.rate, now: 0)
        for _ in 0..<3 { _ = bucket.take(self.rate, now: 0) }
        #expect(bucket.take(self.rate, now: 0.5) == nil)
        #expect(bucket.take(self.rate, now: 0.5) != nil)
        #expect(bucket.isFull(self.rate, now: 1_000))
        for _ in 0..<3 { #expect(bucket.take(self.rate, now: 1_000) == nil) }
        #expect(bucket.take(self.rate, now: 1_000) != nil)
    }

    @Test("loses nothing where the clock stands still or runs back")
    func clockBackwards() {
        var bucket = TokenBucket(self.rate, now: 100)
        for _ in 0..<3 { _ = bucket.take(self.rate, now: 100) }
        #expect(bucket.take(self.rate, now: 50) != nil)
        #expect(bucket.take(self.rate, now: 100.5) == nil)
    }

    @Test("that never fills says never")
    func neverFills() {
        let rate = Rates.Rate(perSecond: 0, burst: 1)
        var bucket = TokenBucket(rate, now: 0)
        #expect(bucket.take(rate, now: 0) == nil)
        #expect(bucket.take(rate, now: 1_000_000) == .infinity)
    }
}
