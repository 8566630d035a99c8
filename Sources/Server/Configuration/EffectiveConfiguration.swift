/// A configuration, and where each of its values comes from.
public struct EffectiveConfiguration: Equatable, Sendable {
    /// The values.
    public let configuration: Configuration
    /// The origins of the values that somebody set, by path.
    private let origins: [String: ConfigurationOrigin]

    init(configuration: Configuration, origins: [String: ConfigurationOrigin]) {
        self.configuration = configuration
        self.origins = origins
    }

    /// The origin of a key's value.
    ///
    /// - Parameter path: The sections and the name, separated by dots: `events.max_age`.
    public func origin(of path: String) -> ConfigurationOrigin {
        origins[path] ?? .builtIn
    }
}
