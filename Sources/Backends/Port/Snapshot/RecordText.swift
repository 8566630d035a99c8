import Nostr

/// A record as a line of a snapshot; one that was struck off has no value.
///
///     {"record":{"section":"member","key":"…","revision":7,"value":{"since":1700000000}}}
///     {"record":{"section":"member","key":"…","revision":8}}
///
/// A value that is no JSON, or is not as `JSONValue` writes it, stands there as `"bytes":"…"`, in hexadecimal, so that
/// every value comes back byte by byte.
enum RecordText {
    static let beginning = #"{"record":"#

    static func append(_ record: Record, to text: inout [UInt8]) {
        text += Array(Self.beginning.utf8)
        text += Array(#"{"section":"#.utf8)
        text += JSONValue.string(record.section).json
        text += Array(#","key":"#.utf8)
        text += JSONValue.string(record.key).json
        text += Array(#","revision":\#(record.revision)"#.utf8)
        if let value = record.value {
            if Self.standsForItself(value) {
                text += Array(#","value":"#.utf8)
                text += value
            } else {
                text += Array(#","bytes":""#.utf8)
                for byte in value { text += [Self.digits[Int(byte >> 4)], Self.digits[Int(byte & 15)]] }
                text.append(UInt8(ascii: "\""))
            }
        }
        text += Array("}}".utf8)
    }

    private static let digits = Array("0123456789abcdef".utf8)

    /// Whether a value can be read again, byte by byte, where it stands two objects deep.
    private static func standsForItself(_ value: [UInt8]) -> Bool {
        let nested = Array("[[".utf8) + value + Array("]]".utf8)
        guard case .array(let outer)? = try? JSONValue(parsing: nested.span), outer.count == 1,
            case .array(let inner) = outer[0], inner.count == 1
        else { return false }
        return inner[0].json == value
    }

    /// Reads a line as `append` writes it; anything else is no record.
    static func parse(_ line: [UInt8]) throws(RecordFlaw) -> Record {
        guard let document = try? JSONValue(parsing: line.span), let members = document["record"] else { throw .form }
        guard case .string(let section)? = members["section"] else { throw .section }
        guard case .string(let key)? = members["key"] else { throw .key }
        guard let revision = members["revision"]?.integer else { throw .revision }
        let value: [UInt8]?
        switch members["bytes"] {
        case .string(let digits)?:
            guard let bytes = Self.bytes(digits) else { throw .value }
            value = bytes
        case nil: value = members["value"]?.json
        default: throw .value
        }
        let record = Record(section: section, key: key, value: value, revision: revision)
        if let flaw = record.flaw { throw flaw }
        // There is one way to write a record, so that equal lines are equal records.
        var text: [UInt8] = []
        Self.append(record, to: &text)
        guard text == line else { throw .form }
        return record
    }

    private static func bytes(_ digits: String) -> [UInt8]? {
        let characters = Array(digits.utf8)
        guard characters.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(characters.count / 2)
        for start in stride(from: 0, to: characters.count, by: 2) {
            guard let high = Self.digits.firstIndex(of: characters[start]),
                let low = Self.digits.firstIndex(of: characters[start + 1])
            else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}
