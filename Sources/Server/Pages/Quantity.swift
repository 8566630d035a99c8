/// Numbers as a reader writes them: digits in groups of three, and the largest unit that divides without remainder.
enum Quantity {
    /// `1048576` as `1,048,576`.
    static func count(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var grouped = number < 0 ? "-" : ""
        for (position, digit) in digits.enumerated() {
            if position > 0, (digits.count - position).isMultiple(of: 3) { grouped.append(",") }
            grouped.append(digit)
        }
        return grouped
    }

    /// A number with its noun: `1 bit`, `20 bits`.
    static func count(_ number: Int, _ noun: String) -> String {
        "\(self.count(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// `131072` as `128 KiB`, `70000` as `70,000 bytes`.
    static func bytes(_ number: Int) -> String {
        for (unit, size) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
        where number >= size && number.isMultiple(of: size) {
            return "\(self.count(number / size)) \(unit)"
        }
        return self.count(number, "byte")
    }

    /// `900` as `15 minutes`, `31536000` as `1 year`.
    static func seconds(_ number: Int) -> String {
        for (unit, size) in [("year", 31_536_000), ("day", 86_400), ("hour", 3_600), ("minute", 60)]
        where number >= size && number.isMultiple(of: size) {
            return self.count(number / size, unit)
        }
        return self.count(number, "second")
    }
}
