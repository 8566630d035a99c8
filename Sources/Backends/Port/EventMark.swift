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

    /// Rows of one stretch where it is the events themselves that are looked at.
    static let mostWhole = 200

    /// - Parameter rows: in their order; a damaged one has no event.
    init(_ rows: [(row: Int64, event: Event?)], without vanishing: Vanishing) {
        self.marks = rows.compactMap { row, event in
            event.flatMap { vanishing.hides($0) ? nil : EventMark($0, row: row) }
        }
        self.next = rows.count < Self.mostWhole ? nil : rows.last?.row
    }

    public init(marks: [EventMark], next: Int64?) {
        self.marks = marks
        self.next = next
    }
}
