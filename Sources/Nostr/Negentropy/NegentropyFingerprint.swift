/// Sixteen bytes that tell whether two sides hold the same ids in a range (NIP-77).
public struct NegentropyFingerprint: Hashable, Sendable {
    /// Big-endian.
    let first, second: UInt64
}
