import Synchronization

/// A number that all threads may add to without waiting for one another.
public final class Counter: Sendable {
    private let number = Atomic<Int>(0)

    public init() {}

    /// Adds to the number; a negative amount takes away.
    public func add(_ amount: Int = 1) { self.number.wrappingAdd(amount, ordering: .relaxed) }

    func set(_ number: Int) { self.number.store(number, ordering: .relaxed) }

    public var value: Int { self.number.load(ordering: .relaxed) }
}
