/// The number of an event in the index of words. It begins with the event's time, so that descending numbers are the
/// newest events first, and ends with the lower bits of its position.
enum SearchNumber {
    private static let positionBits: Int64 = 29
    private static let mask: Int64 = (1 << positionBits) - 1
    /// Times beyond the year 2514 are one.
    private static let latest: Int64 = (1 << 34) - 1

    /// - Parameter createdAt: seconds since 1970.
    static func number(createdAt: Int64, position: Int64) -> Int64 {
        let second = min(max(createdAt, 0), Self.latest)
        return second << Self.positionBits | (position & Self.mask)
    }

    /// The least number of a second.
    static func first(of second: Int64) -> Int64 { Self.number(createdAt: second, position: 0) }

    /// The greatest number of a second.
    static func last(of second: Int64) -> Int64 { Self.number(createdAt: second, position: Self.mask) }

    /// Positions that an event of this number may have: one, as long as half a thousand million events were stored.
    static func positions(of number: Int64, upTo last: Int64) -> [Int64] {
        var positions: [Int64] = []
        var position = number & Self.mask
        while position <= last {
            positions.append(position)
            position += Self.mask + 1
        }
        return positions
    }

    /// The second of a number.
    static func second(of number: Int64) -> Int64 { number >> Self.positionBits }
}
