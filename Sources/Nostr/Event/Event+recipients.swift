extension Event {
    /// The keys in the `p` tags of a gift wrap, who may delete it although they have not signed it (NIP-59); empty for
    /// every other kind.
    public var recipients: Set<PublicKey> {
        guard self.kind == .giftWrap else { return [] }
        var keys: Set<PublicKey> = []
        for tag in self.indexedTags where tag.letter == UInt8(ascii: "p") {
            if let key = PublicKey(hex: self.canonicalValue(of: tag)) { keys.insert(key) }
        }
        return keys
    }
}
