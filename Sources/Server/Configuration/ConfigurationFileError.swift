/// Why a configuration file cannot be read, as a sentence without its path.
enum ConfigurationFileError: Error, Hashable, CustomStringConvertible {
    case isMissing
    case isDirectory
    case isNoFile
    case isTooLarge
    case isNotUTF8(line: Int)
    /// The reason is the system's.
    case isUnreadable(reason: String)

    var description: String {
        switch self {
        case .isMissing: "this file does not exist."
        case .isDirectory: "this is a directory, not a file."
        case .isNoFile: "this is not a regular file."
        case .isTooLarge: "this file is larger than \(ByteCount(bytes: ConfigurationFile.mostBytes))."
        case .isNotUTF8(let line): "this file is not UTF-8; the first byte that is not is in line \(line)."
        case .isUnreadable(let reason): "this file cannot be read: \(reason)."
        }
    }
}
