/// NIP-01's rules of filters over what Foundation reads, written to be obviously right and not to be fast.
struct ReferenceMatcher {
    let filter: [String: Any]

    func matches(_ event: [String: Any]) -> Bool {
        for (field, wanted) in self.filter where !Self.holds(field, wanted, for: event) { return false }
        return true
    }

    private static func holds(_ field: String, _ wanted: Any, for event: [String: Any]) -> Bool {
        let createdAt = event["created_at"] as? Int ?? -1
        switch field {
        case "ids": return Self.contains(wanted, event["id"])
        case "authors": return Self.contains(wanted, event["pubkey"])
        case "kinds": return (wanted as? [Int] ?? []).contains { $0 == event["kind"] as? Int }
        case "since": return createdAt >= wanted as? Int ?? .max
        case "until": return createdAt <= wanted as? Int ?? .min
        case "limit": return true
        default:
            let name = String(field.dropFirst())
            let tags = (event["tags"] as? [[String]] ?? []).filter { $0.count >= 2 && Self.same($0[0], name) }
            return tags.contains { Self.contains(wanted, $0[1]) }
        }
    }

    private static func contains(_ list: Any, _ value: Any?) -> Bool {
        guard let list = list as? [String], let value = value as? String else { return false }
        return list.contains { Self.same($0, value) }
    }

    /// Byte by byte: for Swift, strings are equal that Unicode calls equivalent, for Nostr they are not.
    private static func same(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }
}
