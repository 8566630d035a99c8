/// A length of time as an operator writes it: `15m`, `1h30m`, `365d`.
struct DurationText: Hashable, Sendable, CustomStringConvertible {
    var duration: Duration

    init(_ duration: Duration) {
        self.duration = duration
    }

    /// Reads whole numbers, each with its unit, the larger unit first.
    ///
    /// - Throws: `InvalidText` where a number or a unit is missing or unknown, units are out of order, or the sum is
    ///   more than 100 years.
    init(parsing text: some StringProtocol) throws(InvalidText) {
        var rest = Substring(text)
        var units = Self.units[...]
        var milliseconds = 0
        repeat {
            let number = try rest.takeWholeNumber()
            let name = rest.takeLetters()
            guard !name.isEmpty else { throw InvalidText("the unit is missing") }
            guard Self.units.contains(where: { $0.name == name }) else {
                throw InvalidText("the units are ms, s, m, h, d and w")
            }
            guard let index = units.firstIndex(where: { $0.name == name }) else {
                throw InvalidText("each unit may stand once, the larger before the smaller")
            }
            let (part, isTooLarge) = number.multipliedReportingOverflow(by: units[index].milliseconds)
            guard !isTooLarge, part <= Self.longest - milliseconds else {
                throw InvalidText("it is longer than 100 years")
            }
            milliseconds += part
            units = units[(index + 1)...]
        } while !rest.isEmpty
        duration = .milliseconds(milliseconds)
    }

    /// Days, hours, minutes, seconds and milliseconds, without those that are zero.
    var description: String {
        let (seconds, attoseconds) = duration.components
        let parts: [(Int64, String)] = [
            (seconds / 86400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s"),
            (attoseconds / 1_000_000_000_000_000, "ms"),
        ]
        let text = parts.filter { $0.0 != 0 }.map { "\($0.0)\($0.1)" }.joined()
        return text.isEmpty ? "0s" : text
    }

    private static let longest = 36525 * 86_400_000

    private static let units: [(name: String, milliseconds: Int)] = [
        ("w", 7 * 86_400_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60000), ("s", 1000), ("ms", 1),
    ]
}
