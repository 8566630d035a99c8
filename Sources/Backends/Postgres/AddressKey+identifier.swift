import Nostr

extension AddressKey {
    /// Calls `body` with the identifier as the database keeps it: a digest, and nothing where one version is all there
    /// is.
    func withStoredIdentifier(_ body: (Span<UInt8>) -> Void) {
        guard self.kind.retention == .addressable else { return body([UInt8]().span) }
        self.digest.withBytes { body($0.bindMemory(to: UInt8.self).span) }
    }
}
