/// Reads a Sec-WebSocket-Extensions value one offer at a time (RFC 6455 §9.1, list and token rules of RFC 9110 §5.6).
struct ExtensionParser {
    private let bytes: [UInt8]
    private var position = 0

    init(_ value: String) {
        self.bytes = Array(value.utf8)
    }

    /// The next offer; nil at the end of the value. Empty list elements are skipped.
    mutating func next() throws(MalformedExtensions) -> ExtensionOffer? {
        self.skipSpace()
        while self.take(UInt8(ascii: ",")) {
            self.skipSpace()
        }
        guard self.position < self.bytes.count else { return nil }
        let name = try self.token()
        var parameters: [ExtensionOffer.Parameter] = []
        self.skipSpace()
        while self.take(UInt8(ascii: ";")) {
            self.skipSpace()
            parameters.append(try self.parameter())
            self.skipSpace()
        }
        guard self.position == self.bytes.count || self.bytes[self.position] == UInt8(ascii: ",") else {
            throw self.malformed
        }
        return ExtensionOffer(name: name, parameters: parameters)
    }

    private var malformed: MalformedExtensions { MalformedExtensions(offset: self.position) }

    private mutating func parameter() throws(MalformedExtensions) -> ExtensionOffer.Parameter {
        let name = try self.token()
        self.skipSpace()
        guard self.take(UInt8(ascii: "=")) else { return ExtensionOffer.Parameter(name: name, value: nil) }
        self.skipSpace()
        let isQuoted = self.take(UInt8(ascii: "\""))
        let value = isQuoted ? try self.restOfQuotedToken() : try self.token()
        return ExtensionOffer.Parameter(name: name, value: value)
    }

    private mutating func token() throws(MalformedExtensions) -> String {
        let start = self.position
        while self.position < self.bytes.count, Self.isTokenByte(self.bytes[self.position]) {
            self.position += 1
        }
        guard self.position > start else { throw self.malformed }
        return String(decoding: self.bytes[start..<self.position], as: UTF8.self)
    }

    /// Reads on after an opening quote; what remains without its backslashes must be a token.
    private mutating func restOfQuotedToken() throws(MalformedExtensions) -> String {
        var value: [UInt8] = []
        while !self.take(UInt8(ascii: "\"")) {
            _ = self.take(UInt8(ascii: "\\"))
            guard self.position < self.bytes.count, Self.isTokenByte(self.bytes[self.position]) else {
                throw self.malformed
            }
            value.append(self.bytes[self.position])
            self.position += 1
        }
        guard !value.isEmpty else { throw self.malformed }
        return String(decoding: value, as: UTF8.self)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard self.position < self.bytes.count, self.bytes[self.position] == byte else { return false }
        self.position += 1
        return true
    }

    private mutating func skipSpace() {
        while self.take(UInt8(ascii: " ")) || self.take(UInt8(ascii: "\t")) {}
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
