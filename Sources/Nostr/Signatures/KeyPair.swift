import CSecp256k1

/// A secret key with its public key; what the relay signs with, and what tests and load generators sign with.
public struct KeyPair: Sendable {
    public let publicKey: PublicKey
    private let secret: Bytes32

    /// Takes a 32-byte secret, or returns nil where it is zero or not below the curve's order (BIP-340).
    public init?(secret: Bytes32) {
        guard let context = martlet_signing_context() else { return nil }
        defer { secp256k1_context_destroy(context) }
        var key = [UInt8](repeating: 0, count: 32)
        let made = secret.withBytes { martlet_public_key(context, $0.baseAddress, &key) }
        guard made == 1, let bytes = Bytes32(key) else { return nil }
        self.secret = secret
        self.publicKey = PublicKey(bytes)
    }

    /// A key pair from the system's random numbers.
    public static func random() -> KeyPair {
        var generator = SystemRandomNumberGenerator()
        return Self.random(using: &generator)
    }

    /// A key pair from `generator`: repeatable in tests and load generators.
    public static func random(using generator: inout some RandomNumberGenerator) -> KeyPair {
        while true {
            let secret = Bytes32(generator.next(), generator.next(), generator.next(), generator.next())
            if let pair = KeyPair(secret: secret) { return pair }
        }
    }

    /// Signs an event id, or returns nil where the library refuses.
    public func sign(_ id: EventID) -> Signature? {
        var generator = SystemRandomNumberGenerator()
        let randomness = Bytes32(generator.next(), generator.next(), generator.next(), generator.next())
        return self.sign(id, randomness: randomness)
    }

    /// Signs an event id with chosen auxiliary randomness (BIP-340): the same three give the same signature.
    public func sign(_ id: EventID, randomness: Bytes32) -> Signature? {
        guard let context = martlet_signing_context() else { return nil }
        defer { secp256k1_context_destroy(context) }
        var signature = [UInt8](repeating: 0, count: 64)
        let signed = self.secret.withBytes { secret in
            id.bytes.withBytes { message in
                randomness.withBytes { randomness in
                    martlet_schnorr_sign(
                        context,
                        secret.baseAddress,
                        message.baseAddress,
                        randomness.baseAddress,
                        &signature
                    )
                }
            }
        }
        return signed == 1 ? Signature(signature) : nil
    }
}

/// Whatever is printed, logged or shown in a debugger, the secret is not in it.
extension KeyPair: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "KeyPair(\(self.publicKey))" }
    public var debugDescription: String { self.description }
    public var customMirror: Mirror { Mirror(self, children: ["publicKey": self.publicKey]) }
}
