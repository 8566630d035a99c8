import Foundation

/// A folder of its own, removed with all that is in it when the last reference goes.
final class TemporaryFolder {
    let url: URL

    init() throws {
        self.url = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-tests-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: self.url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: self.url) }

    /// The path of a file in the folder.
    func path(_ name: String) -> String { self.url.appendingPathComponent(name).path }

    /// The bytes of a file in the folder.
    func bytes(of name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: self.path(name)))) }

    /// Makes a file of these bytes.
    func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: URL(filePath: self.path(name))) }

    /// The names of the files in the folder, sorted.
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: self.url.path).sorted() }
}
