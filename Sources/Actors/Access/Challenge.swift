/// What a connection's client has to sign to prove that it holds a key: random, one for each connection (NIP-42).
struct Challenge: Sendable {
    private let number: (UInt64, UInt64)
    /// Whether it was sent once more because something was refused for want of a proof.
    var isRepeated = false

    init(using generator: inout some RandomNumberGenerator) { self.number = (generator.next(), generator.next()) }

    init() {
        var generator = SystemRandomNumberGenerator()
        self.init(using: &generator)
    }

    /// 32 hexadecimal digits.
    var text: String { Self.digits(self.number.0) + Self.digits(self.number.1) }

    private static func digits(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
