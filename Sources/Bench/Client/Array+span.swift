extension [UInt8] {
    /// Appends bytes that something else owns.
    mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { self.append(contentsOf: $0) }
    }
}

extension Span<UInt8> {
    /// Whether these are the literal's bytes.
    func isEqual(to literal: StaticString) -> Bool {
        self.count == literal.utf8CodeUnitCount && self.hasPrefix(literal)
    }

    /// Whether these begin with the literal's bytes.
    func hasPrefix(_ literal: StaticString) -> Bool {
        guard self.count >= literal.utf8CodeUnitCount else { return false }
        for place in 0..<literal.utf8CodeUnitCount where self[place] != literal.utf8Start[place] { return false }
        return true
    }

    /// The bytes as text, whatever they are.
    var text: String { self.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }
}
