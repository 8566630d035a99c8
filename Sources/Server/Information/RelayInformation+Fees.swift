extension RelayInformation {
    /// What access costs (NIP-11, Pay-to-Relay).
    package struct Fees: Encodable, Equatable, Sendable {
        /// Paid once, to be let in.
        package var admission: [Fee]?
        /// Paid again for every period.
        package var subscription: [Fee]?
        /// Paid for every event of the named kinds.
        package var publication: [Fee]?

        /// Creates a schedule without any fee.
        package init() {}
    }

    /// One price (NIP-11, Pay-to-Relay).
    package struct Fee: Encodable, Equatable, Sendable {
        /// The price, counted in `unit`.
        package var amount: Int
        /// `msats` for millisatoshis, `sats` for satoshis.
        package var unit: String
        /// How long the payment lasts, in seconds.
        package var period: Int?
        /// The kinds of event that the price is for.
        package var kinds: [Int]?

        /// Creates a price, in millisatoshis unless another unit is named.
        package init(amount: Int, unit: String = "msats", period: Int? = nil, kinds: [Int]? = nil) {
            self.amount = amount
            self.unit = unit
            self.period = period
            self.kinds = kinds
        }
    }
}
