@testable import Nostr

/// Short ways to ask the JSON reader one question.
enum JSONProbe {
    /// Why bytes are not one JSON value, or nil where they are.
    static func fault(in bytes: [UInt8]) -> JSONError? {
        do throws(JSONError) {
            try JSONDocument.validate(bytes.span)
            return nil
        } catch {
            return error
        }
    }

    /// Why a text is not one JSON value, or nil where it is.
    static func fault(in text: String) -> JSONError? { Self.fault(in: Array(text.utf8)) }

    /// The whole number that a text holds, with nothing after it.
    static func integer(_ text: String) throws(JSONError) -> Int64 {
        let bytes = Array(text.utf8)
        var reader = JSONReader(bytes.span)
        let number = try reader.readInteger()
        try reader.expectEnd()
        return number
    }

    /// Why a text does not hold a whole number, or nil where it does.
    static func integerFault(_ text: String) -> JSONError.Reason? {
        do throws(JSONError) {
            _ = try Self.integer(text)
            return nil
        } catch {
            return error.reason
        }
    }

    /// What a JSON string (with its quotes) is in canonical form (without).
    static func canonical(_ text: String) throws(JSONError) -> [UInt8] {
        let bytes = Array(text.utf8)
        var reader = JSONReader(bytes.span)
        let token = try reader.readString()
        try reader.expectEnd()
        var canonical: [UInt8] = []
        CanonicalText.append(token, of: bytes.span, to: &canonical)
        return canonical
    }
}
