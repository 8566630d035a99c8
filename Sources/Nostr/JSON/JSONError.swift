/// Where and why a text is not JSON (RFC 8259), or not within this parser's bounds.
public struct JSONError: Error, Equatable, CustomStringConvertible {
    public enum Reason: String, Sendable {
        case unexpectedEnd = "unexpected end"
        case unexpectedByte = "unexpected character"
        case trailingBytes = "something follows the value"
        case badEscape = "an escape sequence that JSON does not have"
        case loneSurrogate = "half of a surrogate pair"
        case controlCharacter = "a control character that is not escaped"
        case badNumber = "a malformed number"
        case tooDeep = "nested too deeply"
        case badUTF8 = "not UTF-8"
        case notInteger = "expected a whole number"
        case notString = "expected a string"
        case notArray = "expected an array"
        case notObject = "expected an object"
    }

    /// Byte offset into the text.
    public let offset: Int
    public let reason: Reason

    public var description: String { "\(self.reason.rawValue) at byte \(self.offset)" }
}
