import Glibc
import Logging

/// One entry of the log, in its two forms.
struct LogLine {
    /// Since 1970.
    let seconds: Double
    let level: Logger.Level
    let message: String
    let fields: [(key: String, value: String)]

    /// For a terminal: time of day, level, message, fields.
    var text: String {
        let fields = self.fields.map { " \($0.key)=\(Self.quoted($0.value))" }.joined()
        let time = self.timestamp.dropFirst(11).prefix(12)
        return "\(time) \(self.level.rawValue) \(Self.plain(self.message))\(fields)"
    }

    /// For machines: one object, keys `time`, `level`, `message` and the fields.
    var json: String {
        var items = [("time", self.timestamp), ("level", self.level.rawValue), ("message", self.message)]
        items += self.fields.map { ($0.key, $0.value) }
        return "{" + items.map { "\(Self.jsonString($0.0)):\(Self.jsonString($0.1))" }.joined(separator: ",") + "}"
    }

    /// RFC 3339, UTC, milliseconds.
    private var timestamp: String {
        var whole = time_t(self.seconds)
        var parts = tm()
        gmtime_r(&whole, &parts)
        let milliseconds = Int((self.seconds - Double(whole)) * 1_000)
        func padded(_ number: some BinaryInteger, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
        let time = "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))"
        return "\(date)T\(time).\(padded(milliseconds, 3))Z"
    }

    private static func quoted(_ value: String) -> String {
        value.contains(" ") ? "\"\(Self.plain(value))\"" : Self.plain(value)
    }

    /// Without what would break a line or drive a terminal.
    private static func plain(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }

    private static func jsonString(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }
}
