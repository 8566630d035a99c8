/// A stretch of time whose events are compared at once; both ends belong to it.
public struct SyncWindow: Sendable, Hashable {
    /// Seconds since 1970.
    public var since: Int64
    /// Nil for no end.
    public var until: Int64?

    public init(since: Int64, until: Int64?) {
        self.since = since
        self.until = until
    }
}
