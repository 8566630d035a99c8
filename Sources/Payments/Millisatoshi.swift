/// An amount of money: thousandths of a satoshi, the unit of Lightning (BOLT 2) and of NIP-11's fees.
public struct Millisatoshi: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Not negative.
    public let amount: Int64

    /// - Parameter amount: in msat; nil where it is negative.
    public init?(_ amount: Int64) {
        guard amount >= 0 else { return nil }
        self.amount = amount
    }

    /// Reads an amount with its unit, `21 sat` or `1500 msat`; nil where the text is another, or too large.
    public init?(parsing text: some StringProtocol) {
        let parts = text.split(separator: " ")
        guard parts.count == 2, parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(parts[0])
        else { return nil }
        switch parts[1] {
        case "msat": self.amount = number
        case "sat":
            let (product, overflowed) = number.multipliedReportingOverflow(by: 1_000)
            guard !overflowed else { return nil }
            self.amount = product
        default: return nil
        }
    }

    /// Whole satoshis where the amount is some, else millisatoshis.
    public var description: String {
        self.amount.isMultiple(of: 1_000) ? "\(self.amount / 1_000) sat" : "\(self.amount) msat"
    }

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.amount < rhs.amount }
}
