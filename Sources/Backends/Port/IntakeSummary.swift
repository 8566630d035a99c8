/// What became of things that a store took from another.
public struct IntakeSummary: Hashable, Sendable {
    public var stored = 0
    /// Stored before.
    public var duplicate = 0
    /// A newer version is stored.
    public var superseded = 0
    /// Deleted by its author in the store that took it.
    public var deleted = 0
    /// By, or for, a key that has vanished from the store that took it.
    public var vanished = 0
    /// Events that were stored before and were replaced, or deleted by a tombstone.
    public var removed = 0
    public var tombstones = 0
    /// Records that were put on record, or struck off.
    public var records = 0
    /// Records that the store has in the same words.
    public var duplicateRecords = 0
    /// Records that say something else in the store that took them, with a greater revision, and stay so there.
    public var keptRecords = 0

    public init() {}

    /// Counts a record.
    mutating func count(_ arrival: RecordArrival) {
        switch arrival {
        case .put: self.records += 1
        case .duplicate: self.duplicateRecords += 1
        case .superseded: self.keptRecords += 1
        }
    }

    public static func += (total: inout IntakeSummary, part: IntakeSummary) {
        total.stored += part.stored
        total.duplicate += part.duplicate
        total.superseded += part.superseded
        total.deleted += part.deleted
        total.vanished += part.vanished
        total.removed += part.removed
        total.tombstones += part.tombstones
        total.records += part.records
        total.duplicateRecords += part.duplicateRecords
        total.keptRecords += part.keptRecords
    }
}
