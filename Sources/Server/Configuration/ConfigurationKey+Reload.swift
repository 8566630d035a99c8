extension ConfigurationKey {
    /// When a changed value takes effect.
    enum Reload: Sendable {
        /// At once, in the running relay.
        case live
        /// At the next start.
        case restart
    }
}
