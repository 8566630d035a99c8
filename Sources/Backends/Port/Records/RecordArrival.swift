/// What becomes of a record that another store has, and that this one takes.
public enum RecordArrival: Hashable, Sendable {
    /// It is put on record, with this revision: its own where that is greater than all that are given, else the next
    /// one. So whoever follows the section hears of it, and an empty store takes revisions as they are.
    case put(revision: Int64)
    /// The store has the same on record, or has struck it off too.
    case duplicate
    /// The store has something else on record, with a greater revision, and keeps it.
    case superseded

    /// - Parameters:
    ///   - standing: what the store has under the same name, struck or not.
    ///   - last: the greatest revision that the store has given.
    init(of record: Record, over standing: Record?, after last: Int64) {
        if let standing {
            if standing.value == record.value {
                self = .duplicate
                return
            }
            if standing.revision > record.revision {
                self = .superseded
                return
            }
        }
        self = .put(revision: max(record.revision, last + 1))
    }
}
