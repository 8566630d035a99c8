import Backends
import Nostr

/// The codes that were made for a member who asked for them, as a record whose key is the member's.
///
/// Its value is an object with `codes`, an array of objects: `code`, and `until`, the second since 1970 at which it
/// ends.
struct OpenInvitations: Sendable, Equatable {
    static let section = "inviter"
    /// More codes that nobody has used are not made for one member.
    static let most = 10

    struct Code: Sendable, Hashable {
        let code: String
        let until: Int64
    }

    let inviter: PublicKey
    /// The newest is the last one.
    var codes: [Code]

    init(_ inviter: PublicKey, codes: [Code] = []) {
        self.inviter = inviter
        self.codes = codes
    }

    init(_ inviter: PublicKey, _ record: Record?) {
        self.inviter = inviter
        let value = record?.value.flatMap { try? JSONValue(parsing: $0.span) }
        self.codes = (value?["codes"]?.array ?? []).compactMap { entry in
            guard let code = entry["code"]?.string, let until = entry["until"]?.integer else { return nil }
            return Code(code: code, until: until)
        }
    }

    var isFull: Bool { self.codes.count >= Self.most }

    /// Takes out what has ended, and returns it.
    mutating func removeEnded(by now: Int64) -> [Code] {
        let ended = self.codes.filter { $0.until <= now }
        self.codes.removeAll { $0.until <= now }
        return ended
    }

    /// What puts it on record in place of the one that was read.
    func change(after record: Record?) -> RecordChange {
        let codes = self.codes.map { JSONValue.object(["code": .string($0.code), "until": .number($0.until)]) }
        return RecordChange(
            .put(JSONValue.object(["codes": .array(codes)]).json),
            section: Self.section,
            key: self.inviter.hex,
            if: record.map { .revision($0.revision) } ?? .absent
        )
    }
}
