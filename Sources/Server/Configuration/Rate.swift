/// How often something may happen: a bucket of `burst` that refills with `count` in each unit of time.
public struct Rate: Hashable, Sendable, CustomStringConvertible {
    /// The time in which the bucket gains `count`.
    public enum Unit: String, CaseIterable, Sendable {
        /// 1 second.
        case second = "s"
        /// 60 seconds.
        case minute = "m"
        /// 3,600 seconds.
        case hour = "h"
        /// 86,400 seconds.
        case day = "d"

        /// The unit's length.
        public var duration: Duration {
            switch self {
            case .second: .seconds(1)
            case .minute: .seconds(60)
            case .hour: .seconds(3600)
            case .day: .seconds(86400)
            }
        }
    }

    /// Refilled in each unit of time, at least 1.
    public var count: Int
    /// The time for `count`.
    public var unit: Unit
    /// The most that may happen at once, at least 1.
    public var burst: Int

    /// The time for `count`.
    public var interval: Duration { unit.duration }

    /// - Parameters:
    ///   - count: Refilled in each unit of time, at least 1.
    ///   - unit: The time for `count`.
    ///   - burst: The most that may happen at once, at least 1; `count` where it is nil.
    public init(count: Int, per unit: Unit, burst: Int? = nil) {
        self.count = count
        self.unit = unit
        self.burst = burst ?? count
    }

    /// Reads `COUNT/UNIT` or `COUNT/UNIT burst COUNT`, the counts from 1 to 1,000,000,000.
    ///
    /// - Throws: `InvalidText` where the text has another form.
    public init(parsing text: some StringProtocol) throws(InvalidText) {
        var rest = Substring(text).trimmed
        let count = try Self.takeCount(&rest)
        guard rest.take("/") else { throw InvalidText("the unit is missing") }
        guard let unit = Unit(rawValue: String(rest.takeLetters())) else {
            throw InvalidText("the units are s, m, h and d")
        }
        self.init(count: count, per: unit)
        rest = rest.trimmed
        guard !rest.isEmpty else { return }
        guard rest.takeLetters() == "burst" else { throw InvalidText("after the rate only a burst may follow") }
        rest = rest.trimmed
        burst = try Self.takeCount(&rest)
        guard rest.isEmpty else { throw InvalidText("nothing may follow the burst") }
    }

    /// The rate as it is written in a configuration.
    public var description: String {
        burst == count ? "\(count)/\(unit.rawValue)" : "\(count)/\(unit.rawValue) burst \(burst)"
    }

    private static func takeCount(_ rest: inout Substring) throws(InvalidText) -> Int {
        let count = try rest.takeWholeNumber()
        guard (1...1_000_000_000).contains(count) else {
            throw InvalidText("a count is from 1 to 1000000000; none switches the limit off")
        }
        return count
    }
}
