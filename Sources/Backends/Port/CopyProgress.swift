/// How far the copy of a database is.
public enum CopyProgress: Hashable, Sendable {
    /// Bytes that are copied, of so many where that is known.
    case copying(bytes: Int, of: Int?)
    /// Events that are written, of so many where that is known.
    case writing(events: Int, of: Int?)
    /// All is copied and is looked through.
    case checking
}
