import Foundation
import Testing

@testable import Server

/// `Config/martlet.yaml`, which documents every key.
struct DefaultFileTests {
    private let text: String

    init() throws {
        text = try String(contentsOf: Self.url, encoding: .utf8)
    }

    static let url = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Config/martlet.yaml")

    /// The text with every setting in force: a `#` without a space behind it is removed.
    static func uncommented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let rest = line.drop { $0 == " " }
            guard rest.first == "#", rest.dropFirst().first?.isLetter == true else { return String(line) }
            return "\(line[..<rest.startIndex])\(rest.dropFirst())"
        }.joined(separator: "\n")
    }

    @Test func `it is the defaults as it stands`() throws {
        let effective = try ConfigurationLoader(file: Self.url.path, isExplicit: true, environment: [:]).load()
        #expect(effective.configuration == Configuration())
    }

    @Test func `it has every key once with its default`() throws {
        let effective = try ConfigurationText(yaml: Self.uncommented(text)).load()
        #expect(effective.configuration == Configuration())
        for key in ConfigurationKey.all {
            #expect(effective.origin(of: key.path) != .builtIn, "\(key.path) is missing")
        }
    }

    @Test func `it has the keys in the order of the table`() throws {
        let effective = try ConfigurationText(yaml: Self.uncommented(text)).load()
        let lines = ConfigurationKey.all.map { key -> Int in
            guard case .file(_, let line) = effective.origin(of: key.path) else { return 0 }
            return line
        }
        #expect(lines == lines.sorted())
    }

    @Test func `the comment above each key begins with its meaning`() throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let effective = try ConfigurationText(yaml: Self.uncommented(text)).load()
        for key in ConfigurationKey.all {
            guard case .file(_, let line) = effective.origin(of: key.path) else { continue }
            let above = lines[..<(line - 1)].reversed().prefix { $0.drop { $0 == " " }.hasPrefix("# ") }
            let comment = above.reversed().map { $0.drop { $0 == " " }.dropFirst(2) }.joined(separator: " ")
            #expect(comment.hasPrefix(key.summary), "\(key.path): \(comment)")
        }
    }

    @Test func `it says which keys take effect at the next start`() throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let effective = try ConfigurationText(yaml: Self.uncommented(text)).load()
        for key in ConfigurationKey.all {
            guard case .file(_, let line) = effective.origin(of: key.path) else { continue }
            let above = lines[..<(line - 1)].reversed().prefix { $0.drop { $0 == " " }.hasPrefix("# ") }
            let comment = above.reversed().map { $0.drop { $0 == " " }.dropFirst(2) }.joined(separator: " ")
            #expect(comment.contains("It takes effect at the next start.") == (key.reload == .restart), "\(key.path)")
        }
    }

    @Test func `its lines fit`() {
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 120 && $0.last != " " })
    }
}
