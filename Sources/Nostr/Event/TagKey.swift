/// A 64-bit hash of a tag's letter and canonical value, keyed at random for this process.
///
/// It speeds comparisons up and decides none: what has the same key is compared byte by byte.
public struct TagKey: Hashable, Sendable {
    public let hash: UInt64

    public init(letter: UInt8, value: Span<UInt8>) {
        var hasher = Hasher()
        hasher.combine(letter)
        value.withUnsafeBytes { hasher.combine(bytes: $0) }
        self.hash = UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
