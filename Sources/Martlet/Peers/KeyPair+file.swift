import Foundation
import Nostr

extension KeyPair {
    /// Reads the secret key in a file that nobody but its owner may read.
    init(file path: String) throws(KeyFileError) {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw .unreadable(path: path) }
        var status = stat()
        guard fstat(handle.fileDescriptor, &status) == 0 else { throw .unreadable(path: path) }
        guard status.st_mode & 0o077 == 0 else { throw .exposed(path: path) }
        guard let data = try? handle.read(upToCount: 4_096) else { throw .unreadable(path: path) }
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let keys = KeyPair(secretText: text) else { throw .malformed(path: path) }
        self = keys
    }
}

/// Why a file is no key; what it holds is never repeated.
enum KeyFileError: Error, CustomStringConvertible {
    case unreadable(path: String)
    case exposed(path: String)
    case malformed(path: String)

    var description: String {
        switch self {
        case .unreadable(let path): "\(path) cannot be read"
        case .exposed(let path): "\(path) may be read by others than its owner: chmod 600 \(path)"
        case .malformed(let path): "\(path) holds no secret key: an nsec or 64 lower-case hexadecimal digits"
        }
    }
}
