/// A number of bytes as an operator writes it: `128KiB`, `10MB`, `512B`.
struct ByteCount: Hashable, Sendable, CustomStringConvertible {
    var bytes: Int

    init(bytes: Int) {
        self.bytes = bytes
    }

    /// - Throws: `InvalidText` where there is no number, no known unit, or more than an `Int` of bytes.
    init(parsing text: some StringProtocol) throws(InvalidText) {
        var rest = Substring(text)
        let number = try rest.takeWholeNumber()
        guard !rest.isEmpty else { throw InvalidText("the unit is missing") }
        guard let unit = Self.units.first(where: { $0.name == rest }) else {
            throw InvalidText("the units are B, KiB, MiB, GiB, KB, MB and GB")
        }
        let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: unit.bytes)
        guard !isTooLarge else { throw InvalidText("the number is too large") }
        self.bytes = bytes
    }

    /// The number with the largest unit that divides it.
    var description: String {
        guard bytes != 0, let unit = Self.units.first(where: { bytes.isMultiple(of: $0.bytes) }) else { return "0B" }
        return "\(bytes / unit.bytes)\(unit.name)"
    }

    private static let units: [(name: String, bytes: Int)] = [
        ("GiB", 1 << 30), ("GB", 1_000_000_000), ("MiB", 1 << 20), ("MB", 1_000_000),
        ("KiB", 1 << 10), ("KB", 1000), ("B", 1),
    ]
}
