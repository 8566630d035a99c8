/// Whether an answer holds all that is stored of what was asked for (NIP-67).
public enum Completeness: Sendable, Hashable {
    /// It was not found out.
    case unknown
    /// Every stored event that matches one of the filters is in the answer.
    case whole
    /// This row is not, and matches.
    case more(position: Int64, expiresAt: Int64?)
}
