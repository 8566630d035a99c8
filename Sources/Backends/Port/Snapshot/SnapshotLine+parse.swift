import Nostr

extension SnapshotLine {
    /// Reads a line as `append(to:)` writes it; nil where it is anything else, an event whose id is not its hash
    /// included. Signatures are not checked.
    public init?(parsing line: [UInt8]) {
        var text = SnapshotText(line)
        if text.take(#"{"event":"#) {
            guard let event = text.event() else { return nil }
            self = .item(.event(event))
        } else if text.take(#"{"deleted_event":{"id":""#) {
            guard let id = text.bytes32(), text.take(#"","by":""#), let pubkey = text.bytes32(), text.take(#""}}"#)
            else { return nil }
            self = .item(.deletedEvent(EventID(id), by: PublicKey(pubkey)))
        } else if text.take(#"{"deleted_address":{"kind":"#) {
            guard let number = text.number(), let kind = UInt16(exactly: number),
                text.take(#","pubkey":""#), let pubkey = text.bytes32(),
                text.take(#"","d_sha256":""#), let digest = text.bytes32(),
                text.take(#"","until":"#), let until = text.number(), text.take("}}")
            else { return nil }
            self = .item(.deletedAddress(Kind(kind), by: PublicKey(pubkey), digest: digest, until: until))
        } else if text.take(#"{"vanished":{"pubkey":""#) {
            guard let pubkey = text.bytes32(), text.take(#"","until":"#), let until = text.number(), text.take("}}")
            else { return nil }
            self = .item(.vanished(PublicKey(pubkey), until: until))
        } else if text.take(#"{"end":{"events":"#) {
            guard let contents = Self.contents(&text) else { return nil }
            self = .end(contents)
        } else {
            guard text.take(#"{"martlet":"snapshot","version":\#(Self.version),"backend":""#),
                let backend = text.word(), text.take(#"","created_at":"#), let second = text.number(), text.take("}")
            else { return nil }
            self = .header(backend: backend, createdAt: second)
        }
        guard text.isAtEnd else { return nil }
    }

    /// The counts of the end, behind its first member's name.
    private static func contents(_ text: inout SnapshotText) -> StoreContents? {
        guard let events = text.number(), text.take(#","deleted_events":"#), let deleted = text.number(),
            text.take(#","deleted_addresses":"#), let addresses = text.number()
        else { return nil }
        var contents = StoreContents(
            events: Int(events),
            deletedEvents: Int(deleted),
            deletedAddresses: Int(addresses)
        )
        if text.take(#","vanished":"#) {
            guard let vanished = text.number(), vanished > 0 else { return nil }
            contents.vanished = Int(vanished)
        }
        return text.take("}}") ? contents : nil
    }
}
