/// What a run found, in the order in which it is told.
public struct Report: Sendable {
    enum Value: Sendable {
        case text(String)
        case whole(Int)
        case decimal(Double)
        case times(Latencies.Percentiles)
        case missing
    }

    private(set) var fields: [(key: String, value: Value)] = []

    init(workload: String) { self.set("workload", workload) }

    mutating func set(_ key: String, _ value: String?) { self.append(key, value.map(Value.text)) }
    mutating func set(_ key: String, _ value: Int?) { self.append(key, value.map(Value.whole)) }
    mutating func set(_ key: String, _ value: Double?) { self.append(key, value.map(Value.decimal)) }
    mutating func set(_ key: String, _ value: Latencies) { self.append(key, value.percentiles().map(Value.times)) }

    private mutating func append(_ key: String, _ value: Value?) { self.fields.append((key, value ?? .missing)) }

    /// One line, a JSON object; what is not known is null.
    public var json: String {
        "{" + self.fields.map { "\"\($0.key)\":\(Self.json($0.value))" }.joined(separator: ",") + "}"
    }

    /// A line a field, names and values in columns; what is not known is left out.
    public var table: String {
        let rows = self.fields.compactMap { field in Self.text(field.value).map { (Self.name(field.key), $0) } }
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { $0 + String(repeating: " ", count: width - $0.count) + "  " + $1 }.joined(separator: "\n")
    }

    private static func json(_ value: Value) -> String {
        switch value {
        case .text(let text): Self.quoted(text)
        case .whole(let number): String(number)
        case .decimal(let number): Self.decimal(number)
        case .times(let times):
            "{\"p50\":\(Self.decimal(times.p50)),\"p95\":\(Self.decimal(times.p95))"
                + ",\"p99\":\(Self.decimal(times.p99)),\"max\":\(Self.decimal(times.max))}"
        case .missing: "null"
        }
    }

    private static func text(_ value: Value) -> String? {
        switch value {
        case .text(let text): text
        case .whole(let number): String(number)
        case .decimal(let number): Self.decimal(number)
        case .times(let times):
            "50 %: \(Self.decimal(times.p50)), 95 %: \(Self.decimal(times.p95))"
                + ", 99 %: \(Self.decimal(times.p99)), all: \(Self.decimal(times.max))"
        case .missing: nil
        }
    }

    private static func name(_ key: String) -> String { key.split(separator: "_").joined(separator: " ") }

    /// Three digits behind the point.
    private static func decimal(_ number: Double) -> String {
        guard number.isFinite, abs(number) < 1e15 else { return "0" }
        return String((number * 1_000).rounded() / 1_000)
    }

    private static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": output += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }
}
