import Foundation
import Testing

@testable import Server

struct ConfigurationFileTests {
    @Test func `a file is read whole`() throws {
        let text = String(repeating: "# ä\n", count: 100_000)
        let file = try TemporaryFile(text)
        #expect(try ConfigurationFile(path: file.path).text(isRequired: true) == text)
    }

    @Test func `a file may have one mebibyte and no more`() throws {
        let largest = try TemporaryFile([UInt8](repeating: UInt8(ascii: "#"), count: 1 << 20))
        #expect(try ConfigurationFile(path: largest.path).text(isRequired: true)?.utf8.count == 1 << 20)
        let larger = try TemporaryFile([UInt8](repeating: UInt8(ascii: "#"), count: 1 << 20 + 1))
        #expect(throws: ConfigurationFileError.isTooLarge) {
            try ConfigurationFile(path: larger.path).text(isRequired: false)
        }
    }

    @Test func `a missing file matters only if somebody named it`() throws {
        let file = ConfigurationFile(path: "/nonexistent/martlet.yaml")
        #expect(try file.text(isRequired: false) == nil)
        #expect(throws: ConfigurationFileError.isMissing) { try file.text(isRequired: true) }
    }

    @Test func `bytes that are not UTF-8 are refused with their line`() throws {
        for bytes: [UInt8] in [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf0, 0x9f]] {
            let file = try TemporaryFile(Array("a: ä\n\n".utf8) + bytes)
            #expect(throws: ConfigurationFileError.isNotUTF8(line: 3)) {
                try ConfigurationFile(path: file.path).text(isRequired: false)
            }
        }
    }

    @Test func `what is no regular file is refused without waiting for it`() throws {
        #expect(throws: ConfigurationFileError.isDirectory) {
            try ConfigurationFile(path: "/tmp").text(isRequired: false)
        }
        #expect(throws: ConfigurationFileError.isNoFile) {
            try ConfigurationFile(path: "/dev/zero").text(isRequired: false)
        }
        let pipe = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID())").path
        #expect(mkfifo(pipe, 0o600) == 0)
        defer { unlink(pipe) }
        #expect(throws: ConfigurationFileError.isNoFile) { try ConfigurationFile(path: pipe).text(isRequired: false) }
    }

    @Test func `a file that the system does not open is refused with its reason`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID())").path
        #expect(symlink(path, path) == 0)
        defer { unlink(path) }
        #expect(throws: ConfigurationFileError.self) { try ConfigurationFile(path: path).text(isRequired: false) }
        let file = try TemporaryFile("")
        #expect(throws: ConfigurationFileError.isUnreadable(reason: "Not a directory")) {
            try ConfigurationFile(path: file.path + "/martlet.yaml").text(isRequired: false)
        }
    }

    @Test(arguments: [
        ("/tmp", "/tmp: this is a directory, not a file."),
        ("/nonexistent/martlet.yaml", "/nonexistent/martlet.yaml: this file does not exist."),
        ("/dev/null", "/dev/null: this is not a regular file."),
    ])
    func `a file that cannot be read is one sentence`(path: String, sentence: String) {
        let loader = ConfigurationLoader(file: path, isExplicit: true, environment: [:])
        let error = #expect(throws: ConfigurationError.self) { try loader.load() }
        #expect(error?.description == sentence)
    }
}
