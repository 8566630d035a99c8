import TestSupport

/// Spoils texts of a corpus: flips bits, cuts, doubles, splices, and puts in what JSON is made of.
struct Mutator {
    private static let pieces: [[UInt8]] =
        [
            "\"", "\\", "[", "]", "{", "}", ",", ":", "\\u", "\\ud800", "\\udc00", "\\u0000", "\\\"", "\\\\", "0", "-",
            ".", "e",
            "null", "[]", "{}", "\"\"", " ", "\n", "\0", "\u{7F}", "é", "😀", "\"id\":", "\"kind\":1,",
            "\"tags\":[[\"d\"]],",
            "99999999999999999999", "-1", "1.0", "[[", "]]",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80]]

    private var generator: SplitMix64
    private let corpus: [[UInt8]]

    init(seed: UInt64, corpus: [[UInt8]]) {
        self.generator = SplitMix64(seed: seed)
        self.corpus = corpus
    }

    /// One text of the corpus, spoilt one to four times.
    mutating func next() -> [UInt8] {
        var bytes = self.generator.pick(self.corpus)
        for _ in 0...self.generator.below(4) { self.spoil(&bytes) }
        return bytes
    }

    private mutating func spoil(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        let index = self.generator.below(bytes.count)
        let range = index..<min(bytes.count, index + 1 + self.generator.below(24))
        switch self.generator.below(9) {
        case 0: bytes[index] ^= 1 << UInt8(self.generator.below(8))
        case 1: bytes[index] = UInt8(self.generator.below(256))
        case 2: bytes.removeSubrange(index...)
        case 3: bytes.insert(contentsOf: bytes[range], at: index)
        case 4: bytes.removeSubrange(range)
        case 5:
            let other = self.generator.pick(self.corpus)
            bytes.replaceSubrange(index..., with: other[self.generator.below(other.count)...])
        default: bytes.insert(contentsOf: self.generator.pick(Self.pieces), at: index)
        }
    }
}
