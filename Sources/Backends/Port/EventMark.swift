public import Nostr

/// What of a stored event a set that is kept beside the database needs to know.
public struct EventMark: Sendable, Hashable {
    /// See `CommitPosition`.
    public let row: Int64
    public let id: EventID
    /// Seconds since 1970.
    public let createdAt: Int64
    public let kind: Kind
    /// Seconds since 1970.
    public let expiresAt: Int64?

    public init(row: Int64, id: EventID, createdAt: Int64, kind: Kind, expiresAt: Int64?) {
        self.row = row
        self.id = id
        self.createdAt = createdAt
        self.kind = kind
        self.expiresAt = expiresAt
    }

    public init(_ event: Event, row: Int64) {
        self.init(
            row: row,
            id: event.id,
            createdAt: event.createdAt,
            kind: event.kind,
            expiresAt: event.expiresAt
        )
    }
}

/// A stretch of the marks of all stored events, in the order of their rows.
public struct EventMarks: Sendable {
    public let marks: [EventMark]
    /// The row behind which the next stretch begins; nil where this is the last.
    public let next: Int64?

    public init(marks: [EventMark], next: Int64?) {
        self.marks = marks
        self.next = next
    }
}
