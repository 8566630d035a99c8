import ArgumentParser
import Backends
import Server

/// `martlet members revoke`: a code lets nobody in any more.
struct MembersRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Take invitations back; whoever has joined with them stays."
    )

    @OptionGroup var shared: SharedOptions

    @Argument(help: "Codes, as \"martlet members invitations\" prints them.")
    var codes: [String]

    func run() throws {
        let writer = try self.shared.store().openWriter()
        defer { writer.close() }
        let reader = try self.shared.store().openReader()
        defer { reader.close() }
        let codes = Set(self.codes)
        for code in codes {
            guard Invitation.isCode(code), try reader.record(code, in: Invitation.section) != nil else {
                throw MemberFailure.noInvitation
            }
        }
        let changes = codes.map { RecordChange(.erase, section: Invitation.section, key: $0) }
        guard case .applied = try writer.apply(changes) else { throw MemberFailure.changed }
        let output = StandardOutput()
        let noun = codes.count == 1 ? "invitation" : "invitations"
        try output.write(line: Array("revoked \(codes.count) \(noun)".utf8).span)
        try output.flush()
    }
}
