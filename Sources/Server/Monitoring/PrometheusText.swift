import Actors

/// Prometheus' text exposition format, version 0.0.4.
struct PrometheusText {
    private(set) var text = ""

    mutating func gauge(_ name: String, _ help: String, _ value: some CustomStringConvertible) {
        self.head(name, help, "gauge")
        self.text += "\(name) \(value)\n"
    }

    /// A gauge that is always 1, and says something by its labels.
    mutating func info(_ name: String, _ help: String, _ labels: [(name: String, value: String)]) {
        self.head(name, help, "gauge")
        let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
        self.text += "\(name){\(pairs.joined(separator: ","))} 1\n"
    }

    private static func escaped(_ value: String) -> String {
        value.map { $0 == "\\" ? "\\\\" : $0 == "\"" ? "\\\"" : $0 == "\n" ? "\\n" : String($0) }.joined()
    }

    mutating func counter(_ name: String, _ help: String, _ value: Int) {
        self.head(name, help, "counter")
        self.text += "\(name) \(value)\n"
    }

    mutating func counters(_ name: String, _ help: String, _ label: String, _ values: [(label: String, count: Int)]) {
        self.head(name, help, "counter")
        for (value, count) in values { self.text += "\(name){\(label)=\"\(value)\"} \(count)\n" }
    }

    mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
        self.head(name, help, "histogram")
        let (cumulative, sum) = histogram.values
        for (bound, count) in zip(Histogram.bounds, cumulative) {
            let label = bound == bound.rounded() ? String(Int(bound)) : String(bound)
            self.text += "\(name)_bucket{le=\"\(label)\"} \(count)\n"
        }
        let total = cumulative.last ?? 0
        self.text += "\(name)_bucket{le=\"+Inf\"} \(total)\n\(name)_sum \(sum)\n\(name)_count \(total)\n"
    }

    private mutating func head(_ name: String, _ help: String, _ type: String) {
        self.text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }
}
