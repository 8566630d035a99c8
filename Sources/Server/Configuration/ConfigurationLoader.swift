/// Reads a configuration from its sources, each overriding those before it: the defaults, a file, the environment and
/// the flags of the command line.
public struct ConfigurationLoader: Sendable {
    /// The path of the file, as messages name it; nil where there is none.
    public var file: String?
    /// Whether somebody named the file, so that it must exist.
    public var isExplicit: Bool
    /// The variables of the process; those that do not begin with `MARTLET_`, or are empty, are left alone.
    public var environment: [String: String]
    /// Paths of keys with their texts, in the order of the command line: `("listen", "127.0.0.1:7777")`. A list may be
    /// given in several entries, another key only once.
    public var flags: [(key: String, text: String)]

    /// - Parameters:
    ///   - file: The path of the file, or nil.
    ///   - isExplicit: Whether somebody named the file, so that it must exist.
    ///   - environment: The variables of the process.
    ///   - flags: Paths of keys with their texts.
    public init(
        file: String?,
        isExplicit: Bool,
        environment: [String: String],
        flags: [(key: String, text: String)] = []
    ) {
        self.file = file
        self.isExplicit = isExplicit
        self.environment = environment
        self.flags = flags
    }

    /// Reads and checks everything.
    ///
    /// - Throws: `ConfigurationError` with every problem of every source.
    public func load() throws(ConfigurationError) -> EffectiveConfiguration {
        var draft = ConfigurationDraft()
        if let file {
            do throws(ConfigurationFileError) {
                if let text = try ConfigurationFile(path: file).text(isRequired: isExplicit) {
                    ConfigurationYAML(file: file).read(text, into: &draft)
                }
            } catch {
                draft.reject(error.description, at: file)
            }
        }
        readEnvironment(into: &draft)
        readFlags(into: &draft)
        return try draft.finish()
    }
}
