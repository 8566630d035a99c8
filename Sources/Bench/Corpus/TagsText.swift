import Nostr

/// An array of tags as JSON, written tag by tag.
struct TagsText {
    private var bytes: [UInt8] = [UInt8(ascii: "[")]

    /// Appends a tag of two elements; `text` is the inside of a JSON string.
    mutating func append(name: StaticString, text: [UInt8]) {
        self.open(name)
        self.bytes += text
        self.bytes.append("\"]")
    }

    /// Appends a tag whose value is 64 hexadecimal digits.
    mutating func append(name: StaticString, hex value: Bytes32) {
        self.open(name)
        self.bytes.append(hex: value)
        self.bytes.append("\"]")
    }

    private mutating func open(_ name: StaticString) {
        self.bytes.append(self.bytes.count > 1 ? ",[\"" : "[\"")
        self.bytes.append(name)
        self.bytes.append("\",\"")
    }

    /// The whole array.
    consuming func finish() -> [UInt8] {
        self.bytes.append(UInt8(ascii: "]"))
        return self.bytes
    }
}
