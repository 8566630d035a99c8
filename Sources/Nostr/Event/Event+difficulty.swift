extension Event {
    /// Proof of work in bits (NIP-13): the leading zeros of the id, but no more than the target that the `nonce` tag
    /// commits to, so that a lucky id earns nothing.
    public var difficulty: Int {
        let bits = self.id.leadingZeroBits
        guard bits > 0, let nonce = self.tags.first(where: { $0[0] == "nonce" }), nonce.count > 2,
            let target = Int(nonce[2])
        else { return bits }
        return min(bits, max(target, 0))
    }
}
