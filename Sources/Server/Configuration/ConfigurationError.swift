/// A configuration that cannot be used, with everything that is wrong with it.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// At least one problem and at most 100: first those of the file, in its order, then those of the environment, of
    /// the flags, and between keys.
    public let problems: [ConfigurationProblem]
    /// How many problems there are beyond those.
    public let omittedCount: Int

    /// The problems, each on a line of its own.
    public var description: String {
        var lines = problems.map(\.description)
        if omittedCount > 0 { lines.append("There are \(omittedCount) more problems.") }
        return lines.joined(separator: "\n")
    }
}
