/// Why a text is not the value it should be, as the end of a sentence: "the unit is missing".
public struct InvalidText: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason, without a capital or a full stop; it never repeats the text.
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// - Parameter clause: A whole sentence, which loses its full stop.
    init(clause: String) {
        self.description = clause.hasSuffix(".") ? String(clause.dropLast()) : clause
    }
}
