/// One thing that is wrong with a configuration.
public struct ConfigurationProblem: Hashable, Sendable, CustomStringConvertible {
    /// Where it is: `Config/martlet.yaml:12`, `Config/martlet.yaml`, `MARTLET_URL` or `--listen`.
    public let place: String
    /// What is wrong and what was expected, without secrets, on one line.
    public let sentence: String

    /// The place and the sentence.
    public var description: String { "\(place): \(sentence)" }
}
