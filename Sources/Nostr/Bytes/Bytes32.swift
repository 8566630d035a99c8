/// Thirty-two bytes as four big-endian words, so that comparing values orders them as their lower-case hex does.
public struct Bytes32: Hashable, Comparable, Sendable {
    let a, b, c, d: UInt64

    /// Reads 64 lower-case hexadecimal digits, or returns nil.
    public init?(hex: Span<UInt8>) {
        guard hex.count == 64,
            let a = Hex.word(hex, at: 0), let b = Hex.word(hex, at: 16),
            let c = Hex.word(hex, at: 32), let d = Hex.word(hex, at: 48)
        else { return nil }
        (self.a, self.b, self.c, self.d) = (a, b, c, d)
    }

    init(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) { (self.a, self.b, self.c, self.d) = (a, b, c, d) }

    /// Takes exactly 32 bytes, or returns nil.
    public init?(_ bytes: Span<UInt8>) {
        guard bytes.count == 32 else { return nil }
        func word(_ start: Int) -> UInt64 {
            UInt64(bigEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
        }
        self.init(word(0), word(8), word(16), word(24))
    }

    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for (index, byte) in bytes.enumerated() {
            switch index / 8 {
            case 0: words.0 = words.0 << 8 | UInt64(byte)
            case 1: words.1 = words.1 << 8 | UInt64(byte)
            case 2: words.2 = words.2 << 8 | UInt64(byte)
            default: words.3 = words.3 << 8 | UInt64(byte)
            }
        }
        (self.a, self.b, self.c, self.d) = words
    }

    /// The first eight bytes, big-endian: the prefix that indexes are keyed by.
    public var prefix: UInt64 { self.a }

    /// Calls `body` with the 32 bytes.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeBytes(of: self.bigEndianWords, body)
    }

    /// The words as they stand in memory.
    var bigEndianWords: (UInt64, UInt64, UInt64, UInt64) {
        (self.a.bigEndian, self.b.bigEndian, self.c.bigEndian, self.d.bigEndian)
    }

    /// The 32 bytes as an array.
    public var array: [UInt8] { self.withBytes { [UInt8]($0) } }

    /// 64 lower-case hexadecimal digits.
    public var hex: String { Hex.string(self.array) }

    public static func < (lhs: Self, rhs: Self) -> Bool {
        if lhs.a != rhs.a { return lhs.a < rhs.a }
        if lhs.b != rhs.b { return lhs.b < rhs.b }
        if lhs.c != rhs.c { return lhs.c < rhs.c }
        return lhs.d < rhs.d
    }

    /// All four words count: a filter's values are whatever a client writes, not hashes and keys alone.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.a)
        hasher.combine(self.b)
        hasher.combine(self.c)
        hasher.combine(self.d)
    }
}
