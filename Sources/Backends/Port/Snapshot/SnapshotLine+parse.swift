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
        } else if text.take(RecordText.beginning) {
            guard let record = try? RecordText.parse(line) else { return nil }
            self = .item(.record(record))
            return
        } else if text.take(#"{"end":{"events":"#) {
            guard let contents = Self.contents(&text) else { return nil }
            self = .end(contents)
        } else {
            guard let version = Self.version(&text), (1...Self.version).contains(version),
                text.take(#","backend":""#), let backend = text.word(), text.take(#"","created_at":"#),
                let second = text.number(), text.take("}")
            else { return nil }
            self = .header(version: version, backend: backend, createdAt: second)
        }
        guard text.isAtEnd else { return nil }
    }

    /// The version that a first line names, also one that this build does not know; nil where it is none.
    static func version(of line: [UInt8]) -> Int64? {
        var text = SnapshotText(line)
        return Self.version(&text)
    }

    private static func version(_ text: inout SnapshotText) -> Int64? {
        text.take(#"{"martlet":"snapshot","version":"#) ? text.number() : nil
    }

    /// What is wrong with a line that is none, for a sentence that begins with its number.
    static func flaw(_ line: [UInt8]) -> String {
        guard line.starts(with: RecordText.beginning.utf8) else { return "is none of a snapshot, or is cut off" }
        do throws(RecordFlaw) {
            _ = try RecordText.parse(line)
            return "is not in its place"
        } catch {
            return "\(error)"
        }
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
        if text.take(#","records":"#) {
            guard let records = text.number(), records > 0 else { return nil }
            contents.records = Int(records)
        }
        return text.take("}}") ? contents : nil
    }
}
