public import Actors
public import Backends
public import Nostr

/// A member as the database has it: a record whose key is the public key in hexadecimal digits.
///
/// Its value is an object: `since` and, where the membership ends, `until`, in seconds since 1970; `account`, the key
/// that stands for the member's account, where that is another one; and a `note` of the operator's.
public struct MemberRecord: Sendable, Equatable {
    /// The section of records that members are in.
    public static let section = "member"

    public let key: PublicKey
    public var account: PublicKey
    public var since: Int64
    public var until: Int64?
    public var note: String

    public init(
        _ key: PublicKey,
        account: PublicKey? = nil,
        since: Int64,
        until: Int64? = nil,
        note: String = ""
    ) {
        self.key = key
        self.account = account ?? key
        self.since = since
        self.until = until
        self.note = note
    }

    /// Nil for a value that says no membership.
    public init?(_ key: PublicKey, _ value: [UInt8]) {
        guard case .object(let members)? = try? JSONValue(parsing: value.span) else { return nil }
        self.init(
            key,
            account: members["account"]?.string.flatMap { PublicKey(hex: $0) },
            since: members["since"]?.integer ?? 0,
            until: members["until"]?.integer,
            note: members["note"]?.string ?? ""
        )
        // An end that cannot be read is no reason to let somebody in for ever.
        if members["until"] != nil, self.until == nil { return nil }
    }

    /// Nil for a record that was struck off, or is no member's.
    public init?(_ record: Record) {
        guard let key = PublicKey(hex: record.key), let value = record.value else { return nil }
        self.init(key, value)
    }

    public var json: [UInt8] {
        var members: [String: JSONValue] = ["since": .number(self.since)]
        if let until { members["until"] = .number(until) }
        if self.account != self.key { members["account"] = .string(self.account.hex) }
        if !self.note.isEmpty { members["note"] = .string(self.note) }
        return JSONValue.object(members).json
    }

    public var membership: Members.Membership { Members.Membership(account: self.account, until: self.until) }

    /// What puts it on record.
    public func change(if condition: RecordChange.Condition = .none) -> RecordChange {
        RecordChange(.put(self.json), section: Self.section, key: self.key.hex, if: condition)
    }
}
