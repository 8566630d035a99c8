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
        guard var point = CurvePoint(key) else { return false }
        return Self.isValid(signature, overBytes: message, by: &point)
    }

    static func isValid(
        _ signature: Signature,
        overBytes message: UnsafeRawBufferPointer,
        by point: inout CurvePoint
    ) -> Bool {
        signature.withBytes { signature in
            martlet_schnorr_verify(signature.baseAddress, message.baseAddress, message.count, &point.key) == 1
        }
    }
}

/// A key's point on the curve, as libsecp256k1 keeps it; finding it is a tenth of the work of a check.
struct CurvePoint: Sendable {
    fileprivate var key = secp256k1_xonly_pubkey()

    /// Nil for a key that is not on the curve.
    init?(_ key: PublicKey) {
        guard key.bytes.withBytes({ martlet_parse_key($0.baseAddress, &self.key) }) == 1 else { return nil }
    }
}

extension Event {
    /// Whether the signature is the author's over the id (NIP-01); about 40 µs, so not a thing to do on an event loop.
    public var hasValidSignature: Bool {
        self.id.bytes.withBytes { Schnorr.isValid(self.signature, overBytes: $0, by: self.pubkey) }
    }
}
