import Testing

@testable import Bench

@Suite("The walk through a history")
struct PagingWalkTests {
    /// An event by its second and a number that orders it within.
    private struct Item: Hashable {
        let second: Int64
        let id: UInt64
    }

    /// Walks through `history` as a relay would serve it; returns what was counted and how many pages it took.
    private func walk(_ history: [Item], limit: Int) -> (events: Int, crowded: Int, pages: Int) {
        let newestFirst = history.sorted { ($1.second, $0.id) < ($0.second, $1.id) }
        var walk = PagingWalk()
        var step = PagingWalk.Step.ask(until: .max)
        var pages = 0
        while case .ask(let until) = step, pages < 10_000 {
            for item in newestFirst.filter({ $0.second <= until }).prefix(limit) {
                walk.receive(id: item.id, createdAt: item.second)
            }
            pages += 1
            step = walk.endPage()
        }
        #expect(step == .finished)
        return (walk.events, walk.crowdedSeconds, pages)
    }

    @Test("sees every event once, a second apart")
    func plain() {
        let history = (0..<103).map { Item(second: 1_000 + $0, id: UInt64($0)) }
        #expect(self.walk(history, limit: 10).events == 103)
        #expect(self.walk(history, limit: 1_000).events == 103)
        #expect(self.walk([], limit: 10) == (0, 0, 1))
    }

    @Test("sees every event once where pages end within a second")
    func sharedSeconds() {
        for width in 2...9 {
            let history = (0..<200).map { Item(second: 1_000 + Int64($0 / width), id: UInt64($0)) }
            #expect(self.walk(history, limit: 10).events == 200, "\(width) a second")
        }
    }

    @Test("passes a second that holds more than a page, and says so")
    func crowdedSecond() {
        let crowd = (0..<35).map { Item(second: 1_000, id: UInt64($0)) }
        let rest = (0..<20).map { Item(second: 900 + $0, id: UInt64(100 + $0)) }
        let result = self.walk(crowd + rest, limit: 10)
        #expect(result.events == 30)
        #expect(result.pages < 20)
        #expect(self.walk(crowd, limit: 10).events == 10)
    }

    @Test("ends at the first second there is")
    func zero() {
        #expect(self.walk([Item(second: 0, id: 1), Item(second: 0, id: 2)], limit: 1).events == 1)
    }

    @Test("ends where a relay does not heed what it is asked for")
    func deafRelay() {
        var walk = PagingWalk()
        var pages = 0
        while pages < 100 {
            for second in Int64(50)..<60 { walk.receive(id: UInt64(second), createdAt: second) }
            pages += 1
            if walk.endPage() == .finished { break }
        }
        #expect(pages < 10)
        #expect(walk.events == 10)
    }
}
