import Nostr

/// Reads the text of a line from left to right; what is not there is not passed.
struct SnapshotText {
    private let text: [UInt8]
    private var position = 0

    init(_ text: [UInt8]) { self.text = text }

    var isAtEnd: Bool { self.position == self.text.count }

    /// Passes these characters if they come next.
    mutating func take(_ literal: String) -> Bool {
        guard self.text[self.position...].starts(with: literal.utf8) else { return false }
        self.position += literal.utf8.count
        return true
    }

    /// A whole number, not negative, as JSON writes it.
    mutating func number() -> Int64? {
        let digits = self.text[self.position...].prefix { (0x30...0x39).contains($0) }
        guard digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
        self.position = digits.endIndex
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    /// 64 lower-case hexadecimal digits.
    mutating func bytes32() -> Bytes32? {
        guard self.text.count >= self.position + 64 else { return nil }
        let value = Bytes32(hex: self.text.span.extracting(self.position..<self.position + 64))
        self.position += 64
        return value
    }

    /// Letters, up to what is none.
    mutating func word() -> String? {
        let letters = self.text[self.position...].prefix { (0x61...0x7A).contains($0) }
        self.position = letters.endIndex
        return letters.isEmpty ? nil : String(decoding: letters, as: UTF8.self)
    }

    /// An event and the bracket behind it, up to the end of the line.
    mutating func event() -> Event? {
        guard self.text.last == UInt8(ascii: "}"), self.position < self.text.count else { return nil }
        let json = Array(self.text[self.position..<self.text.count - 1])
        self.position = self.text.count
        guard let event = try? Event(parsing: json.span), event.json == json else { return nil }
        return event
    }
}
