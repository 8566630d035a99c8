/// Why the database did not do what it was asked; the description is a sentence for the operator.
public enum StorageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The configured URL names no backend of this build.
    case unknownBackend(String)
    case cannotOpen(path: String, reason: String)
    /// The file is a database of another program, or no database.
    case notOurs(path: String)
    /// The schema is newer than this binary knows.
    case newerSchema(path: String, found: Int, known: Int)
    /// The schema is older than this binary's, and a session that only reads cannot bring it up to date.
    case olderSchema(path: String, found: Int, known: Int)
    case damaged(path: String, reason: String)
    /// The file was renamed, replaced or deleted while it was in use: what is written now would be lost.
    case moved(path: String)
    case diskFull
    /// Another process holds the database for longer than the relay waits.
    case busy
    /// The database server cannot be reached, went away, or did not answer in time.
    case unavailable(String)
    /// The server refused a statement for what it was given.
    case rejected(sqlstate: String, message: String)
    /// A file is there that is not to be replaced.
    case exists(path: String)
    /// The database holds something, and is not to be replaced.
    case holdsEvents(path: String, contents: StoreContents)
    /// Another process has the database open.
    case inUse(path: String)
    /// A file of the system's does not do what it is asked; `act` is a participle, such as "written".
    case file(path: String, act: String, reason: String)
    case failed(String)

    public var description: String {
        switch self {
        case .unknownBackend(let url):
            "there is no database backend for \(url); this build knows sqlite:PATH and postgres://…"
        case .cannotOpen(let path, let reason): "the database \(path) cannot be opened: \(reason)"
        case .notOurs(let path): "\(path) is not a database of Martlet; nothing in it was touched"
        case .newerSchema(let path, let found, let known):
            "\(path) has schema \(found), and this version of Martlet knows up to \(known); nothing in it was touched"
        case .olderSchema(let path, let found, let known):
            "\(path) has schema \(found), which is brought up to \(known) when the relay starts on it"
        case .damaged(let path, let reason): "the database \(path) is damaged: \(reason)"
        case .moved(let path): "\(path) was moved, replaced or deleted while it was in use; start the relay anew"
        case .diskFull: "the disk that holds the database is full"
        case .busy: "another process holds the database"
        case .unavailable(let reason): "the database is not available: \(reason)"
        case .rejected(let sqlstate, let message): "the database refused a statement: \(message) (SQLSTATE \(sqlstate))"
        case .exists(let path): "\(path) exists already; nothing was changed, and --force replaces it"
        case .holdsEvents(let path, let contents):
            "\(path) holds \(contents); nothing was changed, and --force moves it aside"
        case .inUse(let path): "\(path) is open in another process, such as a relay; stop it first. Nothing was changed"
        case .file(let path, let act, let reason): "\(path) cannot be \(act): \(reason)"
        case .failed(let reason): "the database failed: \(reason)"
        }
    }

    /// A sentence for a client: no path, no statement.
    public var publicText: String {
        switch self {
        case .diskFull: "the relay's disk is full, try again later"
        case .busy: "the relay's database is busy, try again"
        default: "the relay's database does not answer, try again later"
        }
    }
}
