/// What one walk over an event's canonical tags finds.
struct TagIndex {
    private(set) var tags: [IndexedTag] = []
    private(set) var count = 0
    private(set) var longestElementBytes = 0

    /// Walks the canonical array of tags at `range`: brackets, commas and quotes stand where they must, so only the
    /// ends of strings are looked for.
    init(_ json: Span<UInt8>, in range: Range<Int>) {
        var position = range.lowerBound + 1
        while position < range.upperBound - 1 {
            position = self.readTag(json, at: position)
            self.count += 1
            if json[position] == UInt8(ascii: ",") { position += 1 }
        }
    }

    /// Reads the tag whose bracket opens at `start`; returns the offset after its closing bracket.
    private mutating func readTag(_ json: Span<UInt8>, at start: Int) -> Int {
        var position = start + 1
        var element = 0
        var letter: UInt8?
        while true {
            let value = Self.element(json, at: position)
            self.longestElementBytes = max(self.longestElementBytes, value.count)
            if element == 0, value.count == 1, Self.isLetter(json[value.lowerBound]) {
                letter = json[value.lowerBound]
            } else if element == 1, let letter {
                let key = TagKey(letter: letter, value: json.extracting(value))
                self.tags.append(IndexedTag(letter: letter, key: key, range: value))
            }
            element += 1
            position = value.upperBound + 1
            if json[position] == UInt8(ascii: "]") { return position + 1 }
            position += 1
        }
    }

    /// The bytes between the quotes of the string that opens at `start`.
    static func element(_ json: Span<UInt8>, at start: Int) -> Range<Int> {
        var position = json.endOfPlainBytes(from: start + 1)
        while json[position] != UInt8(ascii: "\"") {
            position = json.endOfPlainBytes(from: position + (json[position] == UInt8(ascii: "\\") ? 2 : 1))
        }
        return start + 1..<position
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
