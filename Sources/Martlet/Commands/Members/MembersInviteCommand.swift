import ArgumentParser
import Backends
import Foundation
import Server

/// `martlet members invite`: a code with which people let themselves in.
struct MembersInviteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite",
        abstract: "Print a code with which somebody can join (NIP-43).",
        discussion: "Clients hand it to a relay whose access.membership_events is on."
    )

    @OptionGroup var shared: SharedOptions

    @Option(help: "How many may join with it.")
    var uses = 1

    @Option(help: "How long it is good, such as 7d.", transform: Duration.argument)
    var expires: Duration = .seconds(7 * 86_400)

    func validate() throws {
        guard (1...1_000_000).contains(self.uses) else { throw ValidationError("--uses is from 1 to 1000000") }
        guard self.expires >= .seconds(1) else { throw ValidationError("--expires is a second or more") }
    }

    func run() throws {
        guard try self.shared.load().configuration.access.publishesMembers else { throw MemberFailure.closed }
        let writer = try self.shared.store().openWriter()
        defer { writer.close() }
        let until = Int64(Date().timeIntervalSince1970) + self.expires.components.seconds
        let invitation = Invitation(uses: self.uses, until: until)
        guard case .applied = try writer.apply([invitation.change(if: .absent)]) else { throw MemberFailure.changed }
        let output = StandardOutput()
        try output.write(line: Array(invitation.code.utf8).span)
        try output.flush()
    }
}
