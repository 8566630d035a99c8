import ArgumentParser
import Backends
import Nostr
import Server

/// `martlet members list`: a line each.
struct MembersListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Print the members, a line each: npub, since, until, note."
    )

    @OptionGroup var shared: SharedOptions

    @Flag(help: "Print JSON lines.")
    var json = false

    func run() throws {
        let reader = try self.shared.store().openReader()
        defer { reader.close() }
        let output = StandardOutput()
        try reader.forEachRecord(in: MemberRecord.section) { record in
            guard let member = MemberRecord(record) else { return }
            try output.write(line: (self.json ? member.line : Array(member.text.utf8)).span)
        }
        try output.flush()
    }
}
