/// What differs between the configuration that is running and one that was read again.
public struct ConfigurationChanges: Equatable, Sendable {
    /// The paths of the changed keys that take effect at once, in the order of the default configuration file.
    public let applied: [String]
    /// The paths of the changed keys that take effect at the next start, in the same order.
    public let needingRestart: [String]
    /// The configuration to run with: the new values that take effect at once, and the old ones of the other keys.
    public let configuration: Configuration

    /// - Parameters:
    ///   - old: The configuration that is running.
    ///   - new: The one that was read again.
    public init(from old: Configuration, to new: Configuration) {
        var configuration = new
        var applied: [String] = []
        var needingRestart: [String] = []
        for key in ConfigurationKey.all where !key.isEqual(old, new) {
            switch key.reload {
            case .live:
                applied.append(key.path)
            case .restart:
                needingRestart.append(key.path)
                key.copy(old, &configuration)
            }
        }
        self.applied = applied
        self.needingRestart = needingRestart
        self.configuration = configuration
    }

    /// Whether nothing differs.
    public var isEmpty: Bool { applied.isEmpty && needingRestart.isEmpty }
}
