import Foundation
import TestSupport
import Testing

@testable import Server

struct ConfigurationFuzzTests {
    private static let fragments = [
        "\0", "\t", "\n", "\r", " ", "  ", "- ", ": ", ":", "?", "? ", "#", "&a ", "*a", "!!str ", "!", "|", ">", "|+9",
        "[", "]",
        "{", "}", ",", "'", "\"", "\\", "%YAML 1.2\n", "---\n", "...\n", "<<: ", "~", "null", "true",
        "9223372036854775807", "-1",
        "1e999", "0x", "\u{feff}", "\u{85}", "\u{2028}", "é", "👩‍👩‍👧‍👦", "events:", "  max_age: 1d\n", "listen: a:1\n",
        "none", "all",
    ]

    @Test func `no change of the default file makes reading it trap`() throws {
        let text = try String(contentsOf: DefaultFileTests.url, encoding: .utf8)
        let original = Array(DefaultFileTests.uncommented(text).utf8)
        var random = SplitMix64(seed: 7777)
        for _ in 0..<1000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...12, using: &random) { Self.mutate(&bytes, using: &random) }
            let text = ConfigurationText(yaml: String(decoding: bytes, as: UTF8.self))
            for problem in text.problems {
                #expect(problem.hasPrefix("martlet.yaml") && !problem.contains("\n") && !problem.isEmpty)
            }
        }
    }

    @Test func `no value of any key makes reading it trap`() {
        var random = SplitMix64(seed: 2026)
        for key in ConfigurationKey.all {
            for _ in 0..<40 {
                var bytes = Array(key.shown(in: Configuration()).yaml.utf8)
                for _ in 0..<Int.random(in: 1...4, using: &random) { Self.mutate(&bytes, using: &random) }
                let value = String(decoding: bytes, as: UTF8.self)
                _ = ConfigurationText.setting(key.path, to: value).problems
                let environment = [key.environmentName: value]
                _ = try? ConfigurationLoader(file: nil, isExplicit: false, environment: environment).load()
            }
        }
    }

    private static func mutate(_ bytes: inout [UInt8], using random: inout SplitMix64) {
        let start = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, start + Int.random(in: 0...20, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes.removeSubrange(start..<end)
        case 1: bytes.insert(contentsOf: bytes[start..<end], at: Int.random(in: 0...bytes.count, using: &random))
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: start)
        case 3: if start < bytes.count { bytes[start] = UInt8.random(in: 32...126, using: &random) }
        default:
            let fragment = fragments[Int.random(in: 0..<fragments.count, using: &random)]
            bytes.insert(contentsOf: fragment.utf8, at: start)
        }
    }
}
