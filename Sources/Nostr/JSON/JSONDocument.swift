/// Checks of whole JSON texts.
public enum JSONDocument {
    /// Fails unless `text` is exactly one JSON value in UTF-8 (RFC 8259), nested 64 deep at most.
    public static func validate(_ text: Span<UInt8>) throws(JSONError) {
        guard UTF8Check.isValid(text) else { throw JSONError(offset: 0, reason: .badUTF8) }
        var reader = JSONReader(text)
        try reader.skipValue()
        try reader.expectEnd()
    }
}
