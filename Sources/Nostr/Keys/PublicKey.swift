/// An x-only secp256k1 public key (NIP-01, BIP-340); whether it lies on the curve shows only when a signature is
/// checked.
public struct PublicKey: Identifier {
    public let bytes: Bytes32

    public init(_ bytes: Bytes32) { self.bytes = bytes }
}
