import Glibc
public import Logging

extension Configuration.Log {
    /// The level in swift-log's terms.
    var loggerLevel: Logger.Level { Logger.Level(rawValue: self.level.rawValue) ?? .info }

    /// Whether lines are JSON: as configured, or wherever standard error is no terminal.
    var isJSON: Bool {
        switch self.format {
        case .json: true
        case .text: false
        case .auto: isatty(STDERR_FILENO) == 0
        }
    }
}

extension Configuration {
    /// The relay's logger, as configured.
    public func makeLogger() -> Logger {
        RelayLogHandler.sharedLevel = self.log.loggerLevel
        let isJSON = self.log.isJSON
        var logger = Logger(label: "martlet") { RelayLogHandler(label: $0, isJSON: isJSON) }
        logger[metadataKey: "node"] = "\(self.nodeName)"
        return logger
    }
}
