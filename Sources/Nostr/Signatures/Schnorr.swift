import CSecp256k1

/// BIP-340 signatures by libsecp256k1.
public enum Schnorr {
    /// Whether `signature` is `key`'s over `message`; a key that is not on the curve verifies nothing.
    public static func isValid(_ signature: Signature, over message: [UInt8], by key: PublicKey) -> Bool {
        message.withUnsafeBytes { Self.isValid(signature, overBytes: $0, by: key) }
    }

    static func isValid(
        _ signature: Signature,
        overBytes message: UnsafeRawBufferPointer,
        by key: PublicKey
    ) -> Bool {
        key.bytes.withBytes { key in
            signature.withBytes { signature in
                let valid = martlet_schnorr_verify(
                    signature.baseAddress,
                    message.baseAddress,
                    message.count,
                    key.baseAddress
                )
                return valid == 1
            }
        }
    }
}

extension Event {
    /// Whether the signature is the author's over the id (NIP-01); about 40 µs, so not a thing to do on an event loop.
    public var hasValidSignature: Bool {
        self.id.bytes.withBytes { Schnorr.isValid(self.signature, overBytes: $0, by: self.pubkey) }
    }
}
