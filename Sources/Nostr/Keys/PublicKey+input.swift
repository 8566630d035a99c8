extension PublicKey {
    /// Reads what an operator or a form gives: 64 lower-case hexadecimal digits, an npub or an nprofile (NIP-19).
    public init(userInput text: String) throws(KeyInputError) {
        let lowered = text.lowercased()
        guard !lowered.hasPrefix("nsec1"), !lowered.hasPrefix("ncryptsec1") else { throw .secretKey }
        if let key = PublicKey(hex: text) {
            self = key
            return
        }
        if PublicKey(hex: lowered) != nil { throw .upperCaseHex }
        let entity: Entity
        do {
            entity = try Entity(bech32: text)
        } catch {
            throw error == .secretKey ? .secretKey : .malformed
        }
        switch entity {
        case .publicKey(let key): self = key
        case .profile(let key, _): self = key
        default: throw .otherEntity(entity.prefix)
        }
    }

    /// The key as an npub (NIP-19).
    public var npub: String { Entity.publicKey(self).bech32 }
}
