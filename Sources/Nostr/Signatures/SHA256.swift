import COpenSSL

/// SHA-256 (FIPS 180-4) by libcrypto, fed in pieces.
public struct SHA256 {
    private var context = SHA256_CTX()

    public init() { SHA256_Init(&self.context) }

    /// Hashes further bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA256_Update(&self.context, bytes.baseAddress, bytes.count)
    }

    /// Hashes further bytes.
    public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { self.update($0) } }

    /// Hashes an ASCII literal.
    public mutating func update(_ text: StaticString) {
        SHA256_Update(&self.context, text.utf8Start, text.utf8CodeUnitCount)
    }

    /// The digest, 32 bytes.
    public mutating func finalize() -> Bytes32 {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { digest in
            _ = SHA256_Final(digest.baseAddress?.assumingMemoryBound(to: UInt8.self), &self.context)
        }
        return Bytes32(words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
    }

    /// The digest of `bytes`.
    public static func digest(_ bytes: [UInt8]) -> Bytes32 {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finalize()
    }
}
