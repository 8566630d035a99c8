import Backends

/// Which backend keeps the events, and where.
public enum DatabaseLocation: Hashable, Sendable, CustomStringConvertible {
    /// The path of an SQLite file, relative to the working directory or absolute.
    case sqlite(path: String)
    /// The URL of a PostgreSQL database, as libpq takes it, with its password.
    case postgres(url: String)

    /// The schemes of the backends in this build.
    public static let schemes = ["sqlite", "postgres"]

    /// Reads `sqlite:PATH` or `postgres://…`.
    ///
    /// - Throws: `InvalidText` where the scheme is another, the path is none, or the URL is wrong.
    public init(parsing text: some StringProtocol) throws(InvalidText) {
        if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            let url = String(text)
            if let problem = StoreURL.problem(with: url) { throw InvalidText(problem) }
            self = .postgres(url: url)
            return
        }
        guard let colon = text.firstIndex(of: ":"), text[..<colon].lowercased() == "sqlite" else {
            throw InvalidText("the backends of this build are: \(Self.schemes.joined(separator: ", "))")
        }
        let path = text[text.index(after: colon)...]
        guard !path.hasPrefix("//") else {
            throw InvalidText("the path follows the colon, as in sqlite:data/martlet.db or sqlite:/var/lib/martlet.db")
        }
        guard !path.isEmpty, !path.hasPrefix(":") else { throw InvalidText("the path of a file is missing") }
        guard path.utf8.count <= 4096 else { throw InvalidText("the path is longer than 4096 bytes") }
        guard !path.unicodeScalars.contains(where: \.isControl) else {
            throw InvalidText("the path has a control character")
        }
        self = .sqlite(path: String(path))
    }

    /// The text that reads as this value.
    public var description: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .postgres(let url): url
        }
    }
}
