/// How much one page may hold and touch, so that no query keeps a reader from the others.
public struct PageBounds: Sendable, Hashable {
    public var events: Int
    /// Bytes of JSON after which no further event is added.
    public var bytes: Int
    /// Index entries and rows looked at; of a large event, each four kibibytes.
    public var rows: Int
    /// When the page ends, however little it holds; nil where rows alone count.
    public var deadline: ContinuousClock.Instant?

    public init(
        events: Int = 250,
        bytes: Int = 256 << 10,
        rows: Int = 20_000,
        deadline: ContinuousClock.Instant? = nil
    ) {
        self.events = events
        self.bytes = bytes
        self.rows = rows
        self.deadline = deadline
    }
}
