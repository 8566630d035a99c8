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

    private static let recordsAtOnce = 1_000

    func run() throws {
        let reader = try self.shared.store().openReader()
        defer { reader.close() }
        let output = StandardOutput()
        var last: Int64 = 0
        var count: Int
        repeat {
            let records = try reader.records(in: MemberRecord.section, after: last, atMost: Self.recordsAtOnce)
            for member in records.compactMap({ MemberRecord($0) }) {
                try output.write(line: (self.json ? member.line : Array(member.text.utf8)).span)
            }
            count = records.count
            last = records.last?.revision ?? last
        } while count == Self.recordsAtOnce
        try output.flush()
    }
}
