import Glibc

/// The programs of PostgreSQL that make dumps and read them, of one version.
struct PostgresPrograms: Sendable {
    /// The folder that they lie in.
    private let folder: String
    /// Such as 15.
    let version: Int

    var dump: String { "\(self.folder)/pg_dump" }
    var restore: String { "\(self.folder)/pg_restore" }

    /// The newest of those that are installed, if it is of this version or a later one.
    ///
    /// - Parameter folders: where to look.
    static func newest(atLeast version: Int = 0, in folders: [String] = Self.folders) -> PostgresPrograms? {
        let found = folders.compactMap { PostgresPrograms(in: $0) }.max { $0.version < $1.version }
        return found.flatMap { $0.version >= version ? $0 : nil }
    }

    /// Where Debian's packages put them, one folder for each version, and the folders of `PATH`.
    static var folders: [String] {
        let debian = (10..<100).reversed().map { "/usr/lib/postgresql/\($0)/bin" }
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        return debian + path.split(separator: ":").map(String.init)
    }

    /// Nil where they are not there, or do not say of which version they are.
    private init?(in folder: String) {
        self.folder = folder
        guard let dump = Self.version(of: "\(folder)/pg_dump"), let restore = Self.version(of: "\(folder)/pg_restore")
        else { return nil }
        self.version = min(dump, restore)
    }

    private static func version(of program: String) -> Int? {
        guard access(program, X_OK) == 0,
            let process = try? ChildProcess(program, ["--version"]),
            let output = try? process.read(atMost: 200), (try? process.finish()) != nil
        else { return nil }
        return Self.version(in: String(decoding: output, as: UTF8.self))
    }

    /// The number in `pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
    static func version(in text: String) -> Int? {
        guard let number = text.firstRange(of: "(PostgreSQL) ") else { return nil }
        return Int(text[number.upperBound...].prefix { $0.isASCII && $0.isNumber })
    }
}
