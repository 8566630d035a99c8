import ArgumentParser
import Backends
import Nostr
import Server

/// `martlet members show`: one of them.
struct MembersShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print one member; fails where the key is none's."
    )

    @OptionGroup var shared: SharedOptions

    @Argument(help: "The public key, as npub or 64 hexadecimal digits.", transform: PublicKey.argument)
    var key: PublicKey

    func run() throws {
        let reader = try self.shared.store().openReader()
        defer { reader.close() }
        guard let record = try reader.record(self.key.hex, in: MemberRecord.section), let member = MemberRecord(record)
        else { throw MemberFailure.unknown(self.key) }
        let output = StandardOutput()
        try output.write(line: Array(member.text.utf8).span)
        try output.flush()
    }
}
