import Glibc
public import Logging
import Synchronization

/// Writes logs to standard error: a line of text on a terminal, a JSON object a line elsewhere.
public struct RelayLogHandler: LogHandler {
    /// The level of all loggers, which a reload may change.
    private final class Level: Sendable {
        let value: Mutex<Logger.Level>
        init(_ level: Logger.Level) { self.value = Mutex(level) }
    }

    private static let shared = Level(.info)

    /// The level of all loggers.
    public static var sharedLevel: Logger.Level {
        get { Self.shared.value.withLock { $0 } }
        set { Self.shared.value.withLock { $0 = newValue } }
    }

    private let label: String
    private let isJSON: Bool
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private var ownLevel: Logger.Level?

    public var logLevel: Logger.Level {
        get { self.ownLevel ?? Self.sharedLevel }
        set { self.ownLevel = newValue }
    }

    public init(label: String, isJSON: Bool) {
        self.label = label
        self.isJSON = isJSON
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        let fields = self.metadata.merging(event.metadata ?? [:]) { $1 }
        let line = LogLine(
            seconds: Clock.seconds,
            level: event.level,
            message: event.message.description,
            fields: fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) }
        )
        // One write a line, so that lines of several threads do not mix.
        var bytes = Array((self.isJSON ? line.json : line.text).utf8)
        bytes.append(UInt8(ascii: "\n"))
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    private enum Clock {
        static var seconds: Double {
            var moment = timespec()
            clock_gettime(CLOCK_REALTIME, &moment)
            return Double(moment.tv_sec) + Double(moment.tv_nsec) / 1e9
        }
    }
}
