/// A configuration while its sources are read, with the problems found so far.
struct ConfigurationDraft {
    private(set) var configuration = Configuration()
    private(set) var origins: [String: ConfigurationOrigin] = [:]
    private(set) var problems: [ConfigurationProblem] = []
    private var omittedCount = 0
    private var invalidPaths: Set<String> = []

    /// How many problems are kept.
    static let mostProblems = 100

    /// Whether further problems are only counted.
    var isFull: Bool { problems.count >= Self.mostProblems }

    /// Gives a key the value that a source has for it, or keeps what is wrong with that value.
    mutating func set(_ key: ConfigurationKey, to input: ConfigurationInput, from origin: ConfigurationOrigin) {
        guard input != .nothing else { return }
        do throws(InvalidValue) {
            try key.assign(input, &configuration)
            origins[key.path] = origin
        } catch {
            invalidPaths.insert(key.path)
            reject("\(key.path) \(Self.sentence(about: error, expecting: key))", at: origin.description)
        }
    }

    /// Keeps a problem.
    mutating func reject(_ sentence: @autoclosure () -> String, at place: String) {
        guard !isFull else {
            omittedCount += 1
            return
        }
        problems.append(ConfigurationProblem(place: Redaction.oneLine(place), sentence: sentence()))
    }

    /// The configuration, once every source was read.
    ///
    /// - Throws: `ConfigurationError` with every problem found, those between keys included.
    mutating func finish() throws(ConfigurationError) -> EffectiveConfiguration {
        let effective = EffectiveConfiguration(configuration: configuration, origins: origins)
        for rule in ConfigurationRule.all where !rule.isKept(configuration) {
            guard invalidPaths.isDisjoint(with: [rule.path, rule.otherPath]) else { continue }
            reject(rule.sentence(about: effective), at: rule.place(in: effective))
        }
        guard problems.isEmpty else {
            throw ConfigurationError(problems: problems, omittedCount: omittedCount)
        }
        return effective
    }

    private static func sentence(about error: InvalidValue, expecting key: ConfigurationKey) -> String {
        let expectation = "must be \(key.expectation)"
        guard key.secrecy != .secret else { return "\(expectation); the value found is secret and not shown." }
        return "\(expectation), but \(error.found)\(error.reason.map { ": \($0)" } ?? "")."
    }
}
