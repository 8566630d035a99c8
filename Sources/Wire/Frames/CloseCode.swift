/// A status code that may stand in a Close frame (RFC 6455 §7.4); codes reserved for local use cannot be built.
public struct CloseCode: RawRepresentable, Hashable, Sendable {
    /// The code as the frame carries it.
    public let rawValue: UInt16

    /// Nil for what must not be on the wire: below 1000, 1004 to 1006, 1015 to 2999, above 4999.
    public init?(rawValue: UInt16) {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: self.rawValue = rawValue
        default: return nil
        }
    }

    private init(legal rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// 1000: the connection has served its purpose.
    public static let normalClosure = CloseCode(legal: 1000)
    /// 1001: the endpoint goes away, such as a server that shuts down.
    public static let goingAway = CloseCode(legal: 1001)
    /// 1002: the peer broke the framing rules.
    public static let protocolError = CloseCode(legal: 1002)
    /// 1003: the peer sent a kind of data that this endpoint does not take.
    public static let unsupportedData = CloseCode(legal: 1003)
    /// 1007: text that is not UTF-8, or compressed data that cannot be inflated.
    public static let invalidPayload = CloseCode(legal: 1007)
    /// 1008: the peer broke this endpoint's policy.
    public static let policyViolation = CloseCode(legal: 1008)
    /// 1009: the message is larger than this endpoint takes.
    public static let messageTooBig = CloseCode(legal: 1009)
    /// 1011: the server met a condition that it did not expect.
    public static let internalError = CloseCode(legal: 1011)
    /// 1012: the server restarts (IANA WebSocket close code registry).
    public static let serviceRestart = CloseCode(legal: 1012)
    /// 1013: the server is overloaded; try again later (IANA WebSocket close code registry).
    public static let tryAgainLater = CloseCode(legal: 1013)
}
