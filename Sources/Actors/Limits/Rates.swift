/// How often clients may do things; nil switches one limit off.
public struct Rates: Sendable, Equatable {
    /// Messages on one connection.
    public var connectionMessages: Rate?
    /// Events on one connection.
    public var connectionEvents: Rate?
    /// New connections of one address.
    public var addressConnections: Rate?
    /// Connections that one address has open.
    public var addressOpenConnections: Int?
    /// Connections open in all.
    public var openConnections: Int

    public init(
        connectionMessages: Rate? = nil,
        connectionEvents: Rate? = nil,
        addressConnections: Rate? = nil,
        addressOpenConnections: Int? = nil,
        openConnections: Int = 10_000
    ) {
        self.connectionMessages = connectionMessages
        self.connectionEvents = connectionEvents
        self.addressConnections = addressConnections
        self.addressOpenConnections = addressOpenConnections
        self.openConnections = openConnections
    }

    /// A number of times per period, with a reserve that may be used at once.
    public struct Rate: Sendable, Equatable {
        public var perSecond: Double
        public var burst: Double

        public init(perSecond: Double, burst: Double) {
            self.perSecond = perSecond
            self.burst = burst
        }
    }
}
