/// Authors by their numbers in the database; most of those that are not in it are told by one bit.
struct AuthorSet: Sendable {
    /// In ascending order.
    private let numbers: [Int64]
    private var bits = [UInt64](repeating: 0, count: 64)

    init(_ numbers: [Int64]) {
        self.numbers = numbers.sorted()
        for number in numbers { self.bits[Self.word(number)] |= Self.bit(number) }
    }

    var isEmpty: Bool { self.numbers.isEmpty }

    func contains(_ number: Int64) -> Bool {
        self.bits[Self.word(number)] & Self.bit(number) != 0 && self.numbers.containsSorted(number)
    }

    private static func word(_ number: Int64) -> Int { Int(truncatingIfNeeded: number >> 6) & 63 }
    private static func bit(_ number: Int64) -> UInt64 { 1 << UInt64(truncatingIfNeeded: number & 63) }
}
