/// A fixed number of counters.
final class Counters: Sendable {
    private let slots: [Counter]

    init(count: Int) { self.slots = (0..<count).map { _ in Counter() } }

    func add(_ number: Int, at slot: Int) { self.slots[slot].add(number) }

    var values: [Int] { self.slots.map(\.value) }
}
