import ArgumentParser
import Backends
import Foundation
import Server

/// `martlet audit`: what the relay's admins did, as JSON lines.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Print what admins did over HTTP (NIP-86), oldest first.",
        discussion: """
            One JSON object a line: at (seconds since 1970), by (the admin's public key), method, params, and result, \
            which is "done" or the reason why it was not done. Nothing is ever taken out of this record.
            """
    )

    @OptionGroup var shared: SharedOptions

    func run() throws {
        let reader = try self.shared.store().openReader()
        defer { reader.close() }
        let output = StandardOutput()
        try reader.forEachRecord(in: Audit.section) { record in
            if let entry = record.value { try output.write(line: entry.span) }
        }
        try output.flush()
    }
}
