import Foundation
import Testing

/// Test data that lies beside the project and is no part of it.
enum SharedData {
    /// `../shared/data` from the project's root, or `data` under the folder that MARTLET_SHARED names; nil where
    /// absent.
    static let folder: URL? = {
        let shared: URL
        if let named = ProcessInfo.processInfo.environment["MARTLET_SHARED"] {
            shared = URL(fileURLWithPath: named, isDirectory: true)
        } else {
            guard let root = Self.projectRoot else { return nil }
            shared = root.deletingLastPathComponent().appendingPathComponent("shared", isDirectory: true)
        }
        let data = shared.appendingPathComponent("data", isDirectory: true)
        return FileManager.default.fileExists(atPath: data.path) ? data : nil
    }()

    /// The nearest folder above this file that holds a manifest.
    private static var projectRoot: URL? {
        var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while folder.path != "/" {
            let manifest = folder.appendingPathComponent("Package.swift")
            if FileManager.default.fileExists(atPath: manifest.path) { return folder }
            folder.deleteLastPathComponent()
        }
        return nil
    }

    /// The bytes of a file in the folder.
    static func bytes(of name: String) throws -> [UInt8] {
        let url = try #require(Self.folder).appendingPathComponent(name)
        return [UInt8](try Data(contentsOf: url))
    }

    /// The names of the files in a folder of the folder, sorted.
    static func names(in name: String) throws -> [String] {
        let url = try #require(Self.folder).appendingPathComponent(name)
        return try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where the shared data is absent.
    static var needsSharedData: Self {
        .enabled(if: SharedData.folder != nil, "no ../shared/data beside the project, and no MARTLET_SHARED")
    }
}
