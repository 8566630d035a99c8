@testable import Nostr

/// The text of an event object, field by field, so that a test can spoil one of them.
struct EventText {
    /// The x-only public key of the secret 3 (BIP-340, vector 0).
    static let pubkey = "f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9"

    /// Names with their values as JSON text.
    var fields: [(name: String, value: String)]

    /// An event with the right id; values are JSON text in canonical form. The signature is of the right shape only.
    init(kind: Int = 1, createdAt: Int = 1_700_000_000, tags: String = "[]", content: String = #""hello""#) {
        self.fields = [
            ("id", ""), ("pubkey", "\"\(Self.pubkey)\""), ("created_at", "\(createdAt)"), ("kind", "\(kind)"),
            ("tags", tags), ("content", content), ("sig", "\"\(String(repeating: "0a", count: 64))\""),
        ]
        self.seal()
    }

    /// The first field of this name as JSON text; a new value for a name that is not there is put last.
    subscript(name: String) -> String? {
        get { self.fields.first { $0.name == name }?.value }
        set {
            let index = self.fields.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): self.fields[index].value = value
            case (let index?, nil): self.fields.remove(at: index)
            case (nil, let value?): self.fields.append((name, value))
            case (nil, nil): break
            }
        }
    }

    /// Sets the id to the hash of the fields as they are written.
    mutating func seal() {
        let hashed = ["pubkey", "created_at", "kind", "tags", "content"].map { self[$0] ?? "" }
        let text = "[0,\(hashed.joined(separator: ","))]"
        self["id"] = "\"\(SHA256.digest(Array(text.utf8)).hex)\""
    }

    /// The same with another value in one field, and the id of before.
    func with(_ name: String, _ value: String?) -> EventText {
        var copy = self
        copy[name] = value
        return copy
    }

    /// The id, without quotes.
    var id: String { String((self["id"] ?? "").dropFirst().dropLast()) }

    var json: String { "{" + self.fields.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ",") + "}" }

    /// The event that the text holds.
    func parsed() throws(EventError) -> Event { try Event(parsing: Array(self.json.utf8).span) }

    /// Why the text holds no event, or nil where it does.
    var fault: EventError? { Event.fault(in: self.json) }
}

extension Event {
    /// Why a text is no event, or nil where it is one.
    static func fault(in text: String) -> EventError? {
        do throws(EventError) {
            _ = try Event(parsing: Array(text.utf8).span)
            return nil
        } catch {
            return error
        }
    }

    /// An event with these tags and content; its signature is of the right shape only.
    static func sample(
        kind: Int = 1,
        createdAt: Int = 1_700_000_000,
        tags: [[String]] = [],
        content: String = ""
    ) throws -> Event {
        let rows = tags.map { "[" + $0.map(ReferenceText.quoted).joined(separator: ",") + "]" }
        let text = EventText(
            kind: kind,
            createdAt: createdAt,
            tags: "[\(rows.joined(separator: ","))]",
            content: ReferenceText.quoted(content)
        )
        return try text.parsed()
    }

    /// The canonical JSON as a string.
    var text: String { String(decoding: self.json, as: UTF8.self) }
}

extension Event {
    /// Reads all that an event derives from its text; for tests that only want no trap.
    func askEverything() {
        _ = (self.tags, self.content, self.contentCharacters, self.canonicalIdentifier, self.address)
        _ = (self.expiresAt, self.difficulty, self.firstValue(ofTag: "d"), self.values(ofTag: "e"), self.hasCanonicalID)
        for tag in self.indexedTags { _ = CanonicalText.decode(self.canonicalValue(of: tag)) }
    }
}
