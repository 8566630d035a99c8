import Foundation
import Testing

@testable import Nostr

/// The real signed events of the shared data, unpacked and parsed once for all tests.
enum RealEvents {
    /// One event object a line; empty where the data or `xz` is absent.
    static let lines: [[UInt8]] = {
        guard let folder = SharedData.folder, let xz = Self.xz else { return [] }
        let process = Process()
        let output = Pipe()
        process.executableURL = xz
        process.arguments = ["-dc", folder.appendingPathComponent("real-events.jsonl.xz").path]
        process.standardOutput = output
        do {
            try process.run()
            let text = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return [UInt8](text).split(separator: UInt8(ascii: "\n")).map(Array.init)
        } catch {
            return []
        }
    }()

    /// What the lines parse to; a line that does not parse is left out.
    static let events: [Event] = Self.lines.compactMap { try? Event(parsing: $0.span) }

    /// Where `xz` lies on the search path.
    private static var xz: URL? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let candidates = path.split(separator: ":").map { URL(fileURLWithPath: "\($0)/xz") }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where the real events cannot be had.
    static var needsRealEvents: Self {
        .enabled(if: !RealEvents.lines.isEmpty, "no ../shared/data beside the project, or no xz to unpack it with")
    }
}
