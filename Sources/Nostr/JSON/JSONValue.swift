/// Any value of JSON (RFC 8259), for documents that are small and rare; events and filters have readers of their own.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number as it was written.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// Of a name that stands twice the last value counts.
    case object([String: JSONValue])

    /// Reads exactly one value, in UTF-8 and nested `JSONReader.maximumDepth` deep at most.
    public init(parsing text: Span<UInt8>) throws(JSONError) {
        guard UTF8Check.isValid(text) else { throw JSONError(offset: 0, reason: .badUTF8) }
        var reader = JSONReader(text)
        self = try reader.readValue(depth: 0)
        try reader.expectEnd()
    }

    public static func number(_ number: some BinaryInteger) -> JSONValue { .number(String(number)) }

    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The whole number, where it is one of 64 bits that is written without fraction and exponent.
    public var integer: Int64? {
        guard case .number(let text) = self else { return nil }
        return Int64(text)
    }

    public var array: [JSONValue]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    /// The member of an object; nil where there is none, or this is no object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The value as JSON without white space; an object's names are in ascending order.
    public var json: [UInt8] {
        var json: [UInt8] = []
        self.append(to: &json)
        return json
    }

    private func append(to json: inout [UInt8]) {
        switch self {
        case .null: json.append(contentsOf: "null".utf8)
        case .bool(let value): json.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let text): json.append(contentsOf: text.utf8)
        case .string(let text): Self.append(text, to: &json)
        case .array(let values):
            json.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { json.append(UInt8(ascii: ",")) }
                value.append(to: &json)
            }
            json.append(UInt8(ascii: "]"))
        case .object(let members):
            json.append(UInt8(ascii: "{"))
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { json.append(UInt8(ascii: ",")) }
                Self.append(member.key, to: &json)
                json.append(UInt8(ascii: ":"))
                member.value.append(to: &json)
            }
            json.append(UInt8(ascii: "}"))
        }
    }

    private static func append(_ text: String, to json: inout [UInt8]) {
        json.append(UInt8(ascii: "\""))
        CanonicalText.append(text, to: &json)
        json.append(UInt8(ascii: "\""))
    }
}
