/// A Sec-WebSocket-Extensions value does not follow the grammar of RFC 6455 §9.1.
public struct MalformedExtensions: Error, Equatable {
    /// Where the value stopped making sense, in bytes from its start.
    public let offset: Int
}
