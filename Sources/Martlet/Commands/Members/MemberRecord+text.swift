import Foundation
import Nostr
import Server

extension MemberRecord {
    /// The member on a line, with times of UTC.
    var text: String {
        let end = self.until.map { Self.time($0) } ?? "for ever"
        var parts = [self.key.npub, "since \(Self.time(self.since))", self.until == nil ? end : "until \(end)"]
        if self.account != self.key { parts.append("of the account \(self.account.npub)") }
        if !self.note.isEmpty { parts.append(self.note) }
        return parts.joined(separator: "  ")
    }

    private static func time(_ second: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(second)).ISO8601Format()
    }

    /// The member as an object.
    var line: [UInt8] {
        guard case .object(var members)? = try? JSONValue(parsing: self.json.span) else { return [] }
        members["pubkey"] = .string(self.key.hex)
        return JSONValue.object(members).json
    }
}
