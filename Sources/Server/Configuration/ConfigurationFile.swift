internal import Glibc

/// A configuration file on disk.
struct ConfigurationFile {
    let path: String

    /// The most that a file may have.
    static let mostBytes = 1 << 20

    /// Reads the whole file.
    ///
    /// - Parameter isRequired: Whether a file that does not exist is an error; otherwise it is nil.
    /// - Throws: `ConfigurationFileError` where it is no regular file, too large, unreadable or not UTF-8.
    func text(isRequired: Bool) throws(ConfigurationFileError) -> String? {
        // A pipe without a writer would block without O_NONBLOCK.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw Self.unreadable() }
            guard isRequired else { return nil }
            throw .isMissing
        }
        defer { close(descriptor) }
        try checkType(of: descriptor)
        let bytes = try readBytes(of: descriptor)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .isNotUTF8(line: Self.lineOfFirstInvalidByte(in: bytes))
        }
        return text
    }

    private func checkType(of descriptor: Int32) throws(ConfigurationFileError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.unreadable() }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw .isDirectory
        default: throw .isNoFile
        }
    }

    private func readBytes(of descriptor: Int32) throws(ConfigurationFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.unreadable() }
            bytes += chunk[..<count]
            guard bytes.count <= Self.mostBytes else { throw .isTooLarge }
        }
    }

    private static func unreadable() -> ConfigurationFileError {
        .isUnreadable(reason: String(cString: strerror(errno)))
    }

    private static func lineOfFirstInvalidByte(in bytes: [UInt8]) -> Int {
        var line = 1
        for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard String(validating: part, as: UTF8.self) != nil else { return line }
            line += 1
        }
        return line
    }
}
