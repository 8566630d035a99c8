/// A text of another relay, fit to be shown on a terminal: one line, no control characters, not long.
public enum ForeignText {
    /// Unicode scalars that are shown.
    public static let maximumScalars = 200

    public static func shown(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(Self.maximumScalars) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                shown.append(" ")
            default: shown.append(scalar)
            }
        }
        return String(shown)
    }
}
