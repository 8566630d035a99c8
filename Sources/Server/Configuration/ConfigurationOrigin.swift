/// Where a value comes from.
public enum ConfigurationOrigin: Hashable, Sendable, CustomStringConvertible {
    /// Nobody set it.
    case builtIn
    /// The configuration file, as its path was given, and the line, from 1.
    case file(path: String, line: Int)
    /// A variable of the environment.
    case environment(variable: String)
    /// A flag of the command line, with its dashes.
    case flag(String)

    /// `default`, `Config/martlet.yaml:12`, `MARTLET_URL` or `--listen`.
    public var description: String {
        switch self {
        case .builtIn: "default"
        case .file(let path, let line): "\(path):\(line)"
        case .environment(let variable): variable
        case .flag(let name): name
        }
    }
}
