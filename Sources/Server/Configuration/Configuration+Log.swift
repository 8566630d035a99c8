extension Configuration {
    /// What is logged, and how.
    public struct Log: Equatable, Sendable {
        /// The least severe messages that are logged; the names are those of swift-log.
        public enum Level: String, CaseIterable, Sendable {
            /// Every step.
            case trace
            /// What helps to find a fault.
            case debug
            /// What the relay does.
            case info
            /// What is worth a look.
            case notice
            /// What may become a fault.
            case warning
            /// What went wrong.
            case error
            /// What stops the relay.
            case critical
        }

        /// How a message is written.
        public enum Format: String, CaseIterable, Sendable {
            /// Text on a terminal, JSON elsewhere.
            case auto
            /// A line to read.
            case text
            /// A JSON object on each line.
            case json
        }

        /// The least severe messages that are logged.
        public var level: Level = .info
        /// How a message is written.
        public var format: Format = .auto
        /// The database's time from which on a query is logged.
        public var slowQuery = Duration.milliseconds(500)
    }
}
