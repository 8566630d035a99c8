/// How a database stands.
public struct StoreStatistics: Sendable, Hashable {
    /// Events stored.
    public let events: Int
    /// Bytes on disk, journal included.
    public let bytes: Int

    public init(events: Int, bytes: Int) {
        self.events = events
        self.bytes = bytes
    }
}
