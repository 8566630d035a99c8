/// One thing that an operator can set: its name, its meaning, and how its text becomes a part of the configuration.
struct ConfigurationKey: Sendable {
    /// The sections and the name, separated by dots: `events.max_age`.
    let path: String
    /// What it means, in one sentence, as the default configuration file has it.
    let summary: String
    /// When a change takes effect.
    let reload: Reload
    /// What of the value may be shown.
    let secrecy: Secrecy
    /// The end of the sentence "the value must be …".
    let expectation: String
    /// Whether several values may be given.
    let isList: Bool
    /// Reads a value, which is not `nothing`, into a configuration.
    let assign: @Sendable (ConfigurationInput, inout Configuration) throws(InvalidValue) -> Void
    /// Whether two configurations have the same value.
    let isEqual: @Sendable (Configuration, Configuration) -> Bool
    /// Copies the value from the first configuration into the second.
    let copy: @Sendable (Configuration, inout Configuration) -> Void

    private let value: @Sendable (Configuration) -> ShownValue

    /// - Parameters:
    ///   - path: The sections and the name, separated by dots.
    ///   - property: Where the value lies.
    ///   - form: How the value is written.
    ///   - reload: When a change takes effect.
    ///   - secrecy: What of the value may be shown.
    ///   - summary: What it means, in one sentence.
    init<Value>(
        _ path: String,
        _ property: any WritableKeyPath<Configuration, Value> & Sendable,
        _ form: ValueForm<Value>,
        _ reload: Reload,
        secrecy: Secrecy = .open,
        _ summary: String
    ) {
        self.path = path
        self.summary = summary
        self.reload = reload
        self.secrecy = secrecy
        expectation = form.expectation
        isList = form.isList
        assign = { (input, configuration) throws(InvalidValue) in
            configuration[keyPath: property] = try form.read(input)
        }
        isEqual = { $0[keyPath: property] == $1[keyPath: property] }
        copy = { $1[keyPath: property] = $0[keyPath: property] }
        value = { form.show($0[keyPath: property]) }
    }

    /// The value in a configuration, without what is secret in it.
    func shown(in configuration: Configuration) -> ShownValue {
        value(configuration).hiding(secrecy)
    }

    /// The path in capitals, as the environment has it: `MARTLET_EVENTS_MAX_AGE`.
    var environmentName: String {
        Self.environmentPrefix + String(path.uppercased().map { $0 == "." ? "_" : $0 })
    }

    /// The path as a flag of the command line: `--events-max-age`.
    var flagName: String { Self.flagName(of: path) }

    /// What every variable of this program begins with.
    static let environmentPrefix = "MARTLET_"

    static func flagName(of path: String) -> String {
        "--" + String(path.map { $0 == "." || $0 == "_" ? "-" : $0 })
    }
}
