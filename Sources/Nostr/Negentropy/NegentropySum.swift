/// The sum of ids, read as little-endian numbers, modulo 2^256 (NIP-77, "Fingerprint Algorithm").
///
/// Sums of adjacent ranges add up, and what is taken out can be subtracted again.
public struct NegentropySum: Hashable, Sendable {
    /// The least significant word first.
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    public init() {}

    private init(_ bytes: Bytes32) {
        self.words = (bytes.a.byteSwapped, bytes.b.byteSwapped, bytes.c.byteSwapped, bytes.d.byteSwapped)
    }

    public static func += (sum: inout Self, id: EventID) { sum += Self(id.bytes) }

    public static func -= (sum: inout Self, id: EventID) { sum -= Self(id.bytes) }

    public static func += (sum: inout Self, other: Self) {
        var carry = false
        (sum.words.0, carry) = Self.add(sum.words.0, other.words.0, false)
        (sum.words.1, carry) = Self.add(sum.words.1, other.words.1, carry)
        (sum.words.2, carry) = Self.add(sum.words.2, other.words.2, carry)
        (sum.words.3, _) = Self.add(sum.words.3, other.words.3, carry)
    }

    /// Adds the number that makes the other one zero: its bits inverted, and one.
    public static func -= (sum: inout Self, other: Self) {
        var carry = true
        (sum.words.0, carry) = Self.add(sum.words.0, ~other.words.0, true)
        (sum.words.1, carry) = Self.add(sum.words.1, ~other.words.1, carry)
        (sum.words.2, carry) = Self.add(sum.words.2, ~other.words.2, carry)
        (sum.words.3, _) = Self.add(sum.words.3, ~other.words.3, carry)
    }

    @inline(__always)
    private static func add(_ one: UInt64, _ other: UInt64, _ carry: Bool) -> (UInt64, Bool) {
        let (sum, overflows) = one.addingReportingOverflow(other)
        let (whole, overflowsToo) = sum.addingReportingOverflow(carry ? 1 : 0)
        return (whole, overflows || overflowsToo)
    }

    /// The fingerprint of `count` ids whose sum this is.
    public func fingerprint(count: Int) -> NegentropyFingerprint {
        var hash = SHA256()
        let words = (
            self.words.0.littleEndian, self.words.1.littleEndian,
            self.words.2.littleEndian, self.words.3.littleEndian
        )
        withUnsafeBytes(of: words) { hash.update($0) }
        var length: [UInt8] = []
        length.append(negentropyVarint: UInt64(count))
        hash.update(length)
        let digest = hash.finalize()
        return NegentropyFingerprint(first: digest.a, second: digest.b)
    }

    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.words == rhs.words }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.words.0)
        hasher.combine(self.words.1)
    }
}
