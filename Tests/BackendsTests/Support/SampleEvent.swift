@testable import Nostr

extension Event {
    /// An event with the right id; its signature is of the right shape only.
    ///
    /// - Parameter id: digits that the id is to begin with: an id that no hash gave, for collisions and ties.
    static func sample(
        by author: PublicKey = .sample(0),
        kind: Kind = 1,
        at createdAt: Int64 = 1_700_000_000,
        tags: [[String]] = [],
        content: String = "",
        id digits: String = ""
    ) -> Event {
        let rows = tags.map { "[" + $0.map(Self.quoted).joined(separator: ",") + "]" }
        let body = "[\(rows.joined(separator: ","))]"
        let hashed = #"[0,"\#(author)",\#(createdAt),\#(kind),\#(body),\#(Self.quoted(content))]"#
        let hash = SHA256.digest(Array(hashed.utf8)).hex
        let id = digits + hash.dropFirst(digits.count)
        let signature = hash + SHA256.digest(Array(id.utf8)).hex
        let json =
            #"{"id":"\#(id)","pubkey":"\#(author)","created_at":\#(createdAt),"kind":\#(kind),"tags":\#(body),"#
            + #""content":\#(Self.quoted(content)),"sig":"\#(signature)"}"#
        guard let event = Event(canonical: Array(json.utf8)) else { preconditionFailure("not an event: \(json)") }
        return event
    }

    /// A request to delete what the tags name (NIP-09).
    static func deletion(
        by author: PublicKey = .sample(0),
        at createdAt: Int64 = 1_700_000_000,
        of events: [Event] = [],
        addresses: [String] = [],
        id digits: String = ""
    ) -> Event {
        let tags = events.map { ["e", $0.id.hex] } + addresses.map { ["a", $0] }
        return .sample(by: author, kind: .deletion, at: createdAt, tags: tags, id: digits)
    }

    private static func quoted(_ text: String) -> String {
        var canonical: [UInt8] = []
        CanonicalText.append(text, to: &canonical)
        return "\"\(String(decoding: canonical, as: UTF8.self))\""
    }
}

extension PublicKey {
    /// The key with this number; no secret belongs to it.
    static func sample(_ number: Int) -> PublicKey { PublicKey(SHA256.digest(Array("author \(number)".utf8))) }
}

extension EventID {
    /// An id that no sample has.
    static func absent(_ number: Int) -> EventID { EventID(SHA256.digest(Array("absent \(number)".utf8))) }
}
