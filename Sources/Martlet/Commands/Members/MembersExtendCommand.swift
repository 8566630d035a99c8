import ArgumentParser
import Backends
import Foundation
import Nostr
import Server

/// `martlet members extend`: from the end of the membership on, or from now where it has ended.
struct MembersExtendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extend",
        abstract: "Let a membership last longer."
    )

    @OptionGroup var shared: SharedOptions

    @Argument(help: "The public key, as npub or 64 hexadecimal digits.", transform: PublicKey.argument)
    var key: PublicKey

    @Option(name: .customLong("for"), help: "How much longer, such as 30d.", transform: Duration.argument)
    var duration: Duration

    func run() throws {
        let writer = try self.shared.store().openWriter()
        defer { writer.close() }
        let reader = try self.shared.store().openReader()
        defer { reader.close() }
        guard let record = try reader.record(self.key.hex, in: MemberRecord.section), var member = MemberRecord(record)
        else { throw MemberFailure.unknown(self.key) }
        guard let until = member.until else { throw MemberFailure.endless(self.key) }
        member.until = max(until, Int64(Date().timeIntervalSince1970)) + self.duration.components.seconds
        guard case .applied = try writer.apply([member.change(if: .revision(record.revision))]) else {
            throw MemberFailure.changed
        }
        let output = StandardOutput()
        try output.write(line: Array(member.text.utf8).span)
        try output.flush()
    }
}
