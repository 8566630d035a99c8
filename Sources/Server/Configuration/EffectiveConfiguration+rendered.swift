extension EffectiveConfiguration {
    /// The configuration as YAML, each value with its origin in a comment, secrets hidden: what `config show` prints.
    /// Unless something is hidden, it reads as the same configuration.
    public func rendered() -> String {
        var lines: [(text: String, origin: String)] = []
        var open: ArraySlice<Substring> = []
        for key in ConfigurationKey.all {
            let names = key.path.split(separator: ".")
            let sections = names.dropLast()
            let shared = zip(open, sections).prefix { $0 == $1 }.count
            for depth in shared..<sections.count {
                lines.append(("\(Self.indent(depth))\(sections[depth]):", ""))
            }
            open = sections
            let value = key.shown(in: configuration).yaml
            let origin = Redaction.oneLine(origin(of: key.path).description)
            lines.append(("\(Self.indent(sections.count))\(names[sections.count]): \(value)", origin))
        }
        // A few long values do not push every comment out of sight.
        let column = lines.map(\.text.count).filter { $0 <= Self.lastAlignedColumn }.max() ?? 0
        return lines.map { line in
            guard !line.origin.isEmpty else { return line.text + "\n" }
            let gap = String(repeating: " ", count: max(0, column - line.text.count))
            return "\(line.text)\(gap)  # \(line.origin)\n"
        }.joined()
    }

    private static let lastAlignedColumn = 60

    private static func indent(_ depth: Int) -> String {
        String(repeating: "  ", count: depth)
    }
}
