/// What becomes of one event of a batch.
enum SaveVerdict: Hashable, Sendable {
    /// It is stored at this commit position, be it for as long as the batch's next event lets it stand.
    case stored(position: Int64)
    /// It was stored already.
    case duplicate
    /// A newer version is stored (NIP-01, replaceable and addressable events).
    case superseded
    /// Its author deleted it (NIP-09).
    case deleted
    /// Its author has vanished, or one to whom a gift wrap is addressed has (NIP-62).
    case vanished
}
