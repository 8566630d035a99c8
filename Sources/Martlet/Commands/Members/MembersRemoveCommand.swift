import ArgumentParser
import Backends
import Nostr
import Server

/// `martlet members remove`: what they have published stays.
struct MembersRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove members; their events stay."
    )

    @OptionGroup var shared: SharedOptions

    @Argument(help: "Public keys, as npub or 64 hexadecimal digits.", transform: PublicKey.argument)
    var keys: [PublicKey]

    func run() throws {
        let writer = try self.shared.store().openWriter()
        defer { writer.close() }
        let reader = try self.shared.store().openReader()
        defer { reader.close() }
        var changes: [RecordChange] = []
        for key in Set(self.keys) {
            guard let record = try reader.record(key.hex, in: MemberRecord.section) else {
                throw MemberFailure.unknown(key)
            }
            changes.append(
                RecordChange(.strike, section: MemberRecord.section, key: key.hex, if: .revision(record.revision))
            )
        }
        guard case .applied = try writer.apply(changes) else { throw MemberFailure.changed }
        let output = StandardOutput()
        try output.write(line: Array("removed \(changes.count) \(changes.count == 1 ? "member" : "members")".utf8).span)
        try output.flush()
    }
}
