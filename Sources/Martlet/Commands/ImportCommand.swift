import Actors
import ArgumentParser
import Backends
import Foundation
import Server

/// `martlet import`: takes events from JSON lines.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Store events from JSON lines.",
        discussion: """
            Checks what makes an event an event, the storage rules, and what the relay's admins have banned; limits \
            that the configuration sets on events count only with --policy. A bad line is counted, with its reason, \
            and never stops the import.
            """
    )

    @OptionGroup var shared: SharedOptions

    @Argument(help: "The file (default: standard input).")
    var file: String?

    @Flag(help: "Do not check signatures: the lines come from a relay that did.")
    var noVerify = false

    @Flag(help: "Apply the limits that the configuration sets on events.")
    var policy = false

    @Option(help: "Keep rejected lines in this file.")
    var rejects: String?

    func run() async throws {
        let configuration = try self.shared.load().configuration
        let input = try self.openInput()
        let rejects = try self.rejects.map(Self.create)
        let writer = try self.shared.store(isBulk: true).openWriter()
        defer { writer.close() }
        let judge = ImportJudge(
            verifies: !self.noVerify,
            policy: self.policy ? Policy(configuration) : nil,
            relay: configuration.relayURL,
            now: Int64(Date().timeIntervalSince1970)
        )
        let bans = BanReader(try self.shared.store().openReader())
        defer { bans.close() }
        var importer = Importer(writer: writer, judge: judge, rejects: rejects, bans: bans)
        let progress = Progress()
        let started = Date()
        do {
            try await importer.run(LineReader(input, name: self.file ?? "standard input")) { summary in
                let rate = Int(Double(summary.read) / max(Date().timeIntervalSince(started), 0.001))
                progress.show("read \(summary.read), stored \(summary.stored), \(rate) lines/s")
            }
        } catch {
            progress.finish(importer.summary.text)
            throw error
        }
        progress.clear()
        print(importer.summary.text)
    }

    private func openInput() throws -> FileHandle {
        guard let file, file != "-" else { return .standardInput }
        guard let handle = FileHandle(forReadingAtPath: file) else {
            throw FileFailure(path: file, act: "read", code: errno)
        }
        return handle
    }

    private static func create(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw FileFailure(path: path, act: "written", code: errno) }
        return handle
    }
}
