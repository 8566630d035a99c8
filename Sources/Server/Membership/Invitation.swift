public import Backends
public import Nostr

/// An invitation as the database has it: a record whose key is the code that lets somebody in (NIP-43, `claim`).
///
/// Its value is an object: `uses`, how many it still lets in; `until`, the second since 1970 at which it ends, where it
/// does; and `by`, the key of the member who asked for it.
public struct Invitation: Sendable, Equatable {
    /// The section of records that invitations are in.
    public static let section = "invitation"

    private static let mostCodeBytes = 128

    public let code: String
    public var uses: Int
    public var until: Int64?
    public var inviter: PublicKey?

    /// An invitation with a code of 128 random bits.
    public init(uses: Int = 1, until: Int64?, by inviter: PublicKey? = nil) {
        self.code = Hex.string((0..<16).map { _ in UInt8.random(in: 0...255) })
        self.uses = uses
        self.until = until
        self.inviter = inviter
    }

    /// Nil for a record that is none.
    public init?(_ record: Record) {
        guard let value = record.value.flatMap({ try? JSONValue(parsing: $0.span) }),
            let uses = value["uses"]?.integer, uses > 0
        else { return nil }
        self.code = record.key
        self.uses = Int(uses)
        self.until = value["until"]?.integer
        self.inviter = value["by"]?.string.flatMap { PublicKey(hex: $0) }
        // An end that cannot be read is no reason to let people in for ever.
        if value["until"] != nil, self.until == nil { return nil }
    }

    private var json: [UInt8] {
        var members: [String: JSONValue] = ["uses": .number(self.uses)]
        if let until { members["until"] = .number(until) }
        if let inviter { members["by"] = .string(inviter.hex) }
        return JSONValue.object(members).json
    }

    /// Whether a text may be a code, and the key of a record.
    public static func isCode(_ text: String) -> Bool {
        (1...Self.mostCodeBytes).contains(text.utf8.count) && !text.utf8.contains(0)
    }

    public func hasEnded(by now: Int64) -> Bool { self.until.map { $0 <= now } ?? false }

    /// What puts it on record.
    public func change(if condition: RecordChange.Condition = .none) -> RecordChange {
        RecordChange(.put(self.json), section: Self.section, key: self.code, if: condition)
    }

    /// What takes one of its uses, if nobody has taken one since it was read.
    func use(readAt revision: Int64) -> RecordChange {
        guard self.uses > 1 else {
            return RecordChange(.erase, section: Self.section, key: self.code, if: .revision(revision))
        }
        var rest = self
        rest.uses -= 1
        return rest.change(if: .revision(revision))
    }
}
