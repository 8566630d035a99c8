import Foundation

/// The files of the project, as the tests of its tidiness read them.
enum SourceTree {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    struct File {
        /// Relative to the project.
        let path: String
        let lines: [Substring]
    }

    /// The Swift files below a folder of the project.
    static func swiftFiles(under folder: String) -> [File] {
        let base = Self.root.appending(path: folder)
        let paths = FileManager.default.enumerator(atPath: base.path())?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".swift") }.sorted().compactMap { path in
            guard let text = try? String(contentsOf: base.appending(path: path), encoding: .utf8) else { return nil }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            return File(path: "\(folder)/\(path)", lines: lines)
        }
    }
}
