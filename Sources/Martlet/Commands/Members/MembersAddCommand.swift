import ArgumentParser
import Backends
import Foundation
import Nostr
import Server

/// `martlet members add`: lets somebody in.
struct MembersAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add members, or say anew until when they are."
    )

    @OptionGroup var shared: SharedOptions

    @Argument(help: "Public keys, as npub or 64 hexadecimal digits.", transform: PublicKey.argument)
    var keys: [PublicKey]

    @Option(
        name: .customLong("for"),
        help: "How long from now, such as 30d (default: for ever).",
        transform: Duration.argument
    )
    var duration: Duration?

    @Option(help: "The key that stands for the account, where it is another one's.", transform: PublicKey.argument)
    var account: PublicKey?

    @Option(help: "What to remember about them.")
    var note: String?

    func run() throws {
        let writer = try self.shared.store().openWriter()
        defer { writer.close() }
        let now = Int64(Date().timeIntervalSince1970)
        let until = self.duration.map { now + $0.components.seconds }
        let changes = self.keys.map { key in
            MemberRecord(key, account: self.account, since: now, until: until, note: self.note ?? "").change()
        }
        guard case .applied = try writer.apply(changes) else { throw MemberFailure.changed }
        let output = StandardOutput()
        let noun = self.keys.count == 1 ? "member" : "members"
        try output.write(line: Array("added \(self.keys.count) \(noun)".utf8).span)
        try output.flush()
    }
}
