import Backends

/// Why a migration has not done what it was asked for; the description is a sentence for the operator.
enum MigrationError: Error, Equatable, CustomStringConvertible {
    case targetHolds(StoreContents)
    /// So many things of the source are damaged; what can be read has been copied.
    case unreadable(Int)
    case differs(StoreContents, expected: StoreContents)

    var description: String {
        switch self {
        case .targetHolds(let contents):
            "the database to be filled holds \(contents) already; nothing was changed, and --merge adds to it"
        case .unreadable(let count):
            "\(count) rows of the source are damaged and were left out; the others were copied"
        case .differs(let found, let expected):
            "the copy differs: it holds \(found) where the source held \(expected); is somebody else writing to it?"
        }
    }
}
