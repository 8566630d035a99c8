import ArgumentParser
import Backends
import Foundation
import Nostr
import Server

/// `martlet members invitations`: a line each.
struct MembersInvitationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invitations",
        abstract: "Print the codes that still let somebody in, a line each: code, uses, until, by whom."
    )

    @OptionGroup var shared: SharedOptions

    @Flag(help: "Print JSON lines.")
    var json = false

    func run() throws {
        let reader = try self.shared.store().openReader()
        defer { reader.close() }
        let now = Int64(Date().timeIntervalSince1970)
        let output = StandardOutput()
        try reader.forEachRecord(in: Invitation.section) { record in
            guard let invitation = Invitation(record), !invitation.hasEnded(by: now) else { return }
            try output.write(line: (self.json ? invitation.line : Array(invitation.text.utf8)).span)
        }
        try output.flush()
    }
}

extension Invitation {
    /// The invitation on a line, with times of UTC.
    fileprivate var text: String {
        let end = self.until.map { "until " + Date(timeIntervalSince1970: TimeInterval($0)).ISO8601Format() }
        let uses = self.uses == 1 ? "1 use" : "\(self.uses) uses"
        return [self.code, uses, end ?? "for ever", self.inviter.map { "by \($0.npub)" }].compactMap(\.self)
            .joined(separator: "  ")
    }

    /// The invitation as an object.
    fileprivate var line: [UInt8] {
        var members: [String: JSONValue] = ["code": .string(self.code), "uses": .number(self.uses)]
        if let until { members["until"] = .number(until) }
        if let inviter { members["by"] = .string(inviter.hex) }
        return JSONValue.object(members).json
    }
}
