extension ValueForm<Bool> {
    /// `true` or `false`, not in quotes.
    static var flag: ValueForm {
        .scalar(
            "true or false",
            parse: { (scalar) throws(InvalidValue) in
                guard !scalar.isQuoted else { throw InvalidValue(scalar, reason: "it has no quotes") }
                switch scalar.text {
                case "true", "True", "TRUE": return true
                case "false", "False", "FALSE": return false
                default: throw InvalidValue(scalar)
                }
            },
            show: { .word($0 ? "true" : "false") }
        )
    }
}

extension ValueForm<Int> {
    /// A whole number in a range, in decimal digits, not in quotes.
    static func count(_ range: ClosedRange<Int>) -> ValueForm {
        .scalar(
            "a whole number from \(range.lowerBound) to \(range.upperBound)",
            parse: { (scalar) throws(InvalidValue) in
                guard !scalar.isQuoted else { throw InvalidValue(scalar, reason: "a number has no quotes") }
                var rest = Substring(scalar.text)
                guard let number = try? rest.takeWholeNumber(), rest.isEmpty, range.contains(number) else {
                    throw InvalidValue(scalar)
                }
                return number
            },
            show: { .word("\($0)") }
        )
    }

    /// A number of bytes in a range, with a unit.
    static func size(_ range: ClosedRange<Int>) -> ValueForm {
        let least = ByteCount(bytes: range.lowerBound)
        let most = ByteCount(bytes: range.upperBound)
        return .word(
            "a size from \(least) to \(most), such as 64KiB or 2MiB",
            parse: { (text) throws(InvalidText) in
                let bytes = try ByteCount(parsing: text).bytes
                guard range.contains(bytes) else { throw InvalidText("it is out of range") }
                return bytes
            },
            show: { ByteCount(bytes: $0).description }
        )
    }
}

extension ValueForm<Duration> {
    /// A length of time in a range, with units.
    static func duration(_ range: ClosedRange<Duration>) -> ValueForm {
        let least = DurationText(range.lowerBound)
        let most = DurationText(range.upperBound)
        return .word(
            "a duration from \(least) to \(most), such as 30s, 15m or 1h30m",
            parse: { (text) throws(InvalidText) in
                let duration = try DurationText(parsing: text).duration
                guard range.contains(duration) else { throw InvalidText("it is out of range") }
                return duration
            },
            show: { DurationText($0).description }
        )
    }
}

extension ValueForm<Rate> {
    /// A count for each unit of time, perhaps with a burst.
    static var rate: ValueForm {
        .word(
            "a rate such as 600/m or 20/s burst 100",
            parse: { (text) throws(InvalidText) in try Rate(parsing: text) },
            show: \.description
        )
    }
}
