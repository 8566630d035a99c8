import Foundation
import Nostr
import Testing

@testable import Server

/// The file that holds the relay's own key.
struct RelayKeyFileTests {
    /// A folder of a test's own.
    private static func inFolder(_ body: (_ folder: String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private static func write(_ text: String, to path: String, mode: Int = 0o600) {
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: mode]
        #expect(FileManager.default.createFile(atPath: path, contents: Data(text.utf8), attributes: attributes))
    }

    @Test func `the key is made once, is its owner's alone, and leaves nothing else behind`() throws {
        try Self.inFolder { folder in
            let file = RelayKeyFile(path: folder + "/key")
            #expect(try file.read() == nil)
            let secret = RelayKey.newSecret()
            let key = try file.key(making: secret)
            #expect(key.publicKey == KeyPair(secret: secret)?.publicKey)
            #expect(try file.key(making: RelayKey.newSecret()).publicKey == key.publicKey)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["key"])
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(FileManager.default.contents(atPath: file.path) == Data((secret.hex + "\n").utf8))
        }
    }

    @Test func `many who make it at once agree on one`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.path + "/key"
        let keys = try await withThrowingTaskGroup(of: PublicKey.self) { group in
            for _ in 0..<16 {
                group.addTask { try RelayKeyFile(path: path).key(making: RelayKey.newSecret()).publicKey }
            }
            return try await group.reduce(into: Set<PublicKey>()) { $0.insert($1) }
        }
        #expect(keys.count == 1)
    }

    @Test(arguments: [0o640, 0o604, 0o644, 0o620, 0o601])
    func `a file that others may use is refused`(mode: Int) throws {
        try Self.inFolder { folder in
            let path = folder + "/key"
            Self.write(RelayKey.newSecret().hex, to: path, mode: mode)
            #expect(throws: RelayKeyError.self) { try RelayKeyFile(path: path).read() }
        }
    }

    private static let digits = String(repeating: "a1", count: 32)

    @Test(arguments: [
        "", "\n", "not a key", String(digits.dropLast()), digits + "a", digits + digits, digits.uppercased(),
        String(repeating: "0", count: 64), String(repeating: "f", count: 64), "npub1" + digits,
        String(repeating: digits, count: 200),
    ])
    func `a file that holds no key is refused, not repeated, and not written over`(text: String) throws {
        try Self.inFolder { folder in
            let path = folder + "/key"
            Self.write(text, to: path)
            let error = #expect(throws: RelayKeyError.self) {
                try RelayKeyFile(path: path).key(making: RelayKey.newSecret())
            }
            #expect(error?.description.contains("holds no secret key") == true)
            #expect(text.count < 10 || error?.description.contains(text) == false)
            #expect(FileManager.default.contents(atPath: path) == Data(text.utf8))
        }
    }

    @Test func `what is no plain file, or in no folder, is refused at once`() throws {
        try Self.inFolder { folder in
            #expect(throws: RelayKeyError.self) { try RelayKeyFile(path: folder).read() }
            let pipe = folder + "/pipe"
            #expect(mkfifo(pipe, 0o600) == 0)
            #expect(throws: RelayKeyError.self) { try RelayKeyFile(path: pipe).read() }
            let nowhere = RelayKeyFile(path: folder + "/none/key")
            #expect(throws: RelayKeyError.self) { try nowhere.key(making: RelayKey.newSecret()) }
        }
    }

    @Test func `white space around a key is no part of it`() throws {
        try Self.inFolder { folder in
            let secret = RelayKey.newSecret()
            Self.write(" \(secret.hex)\r\n\n", to: folder + "/key")
            let key = try RelayKeyFile(path: folder + "/key").read()
            #expect(key?.publicKey == KeyPair(secret: secret)?.publicKey)
        }
    }
}
