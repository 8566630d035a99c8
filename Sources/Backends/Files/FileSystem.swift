import Glibc

/// Calls of the system on files by name, with the errors of this module.
enum FileSystem {
    /// What the system says of a file; nil where there is none.
    static func status(_ path: String) throws(StorageError) -> stat? {
        var status = stat()
        if stat(path, &status) == 0 { return status }
        guard errno == ENOENT || errno == ENOTDIR else { throw Self.failure(path, "read") }
        return nil
    }

    static func exists(_ path: String) throws(StorageError) -> Bool { try Self.status(path) != nil }

    /// Whether two names stand for one file.
    static func isSame(_ path: String, _ other: String) throws(StorageError) -> Bool {
        guard let one = try Self.status(path), let two = try Self.status(other) else { return false }
        return one.st_dev == two.st_dev && one.st_ino == two.st_ino
    }

    /// The first bytes of a file; fewer where it is shorter.
    static func beginning(of path: String, _ count: Int) throws(StorageError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path, "read") }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        let found = read(descriptor, &bytes, count)
        guard found >= 0 else { throw Self.failure(path, "read") }
        return Array(bytes.prefix(found))
    }

    /// Takes a name away, if it is there.
    static func remove(_ path: String) throws(StorageError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw Self.failure(path, "removed") }
    }

    /// Has changes of names in the file's folder outlive a power cut.
    static func syncFolder(of path: String) throws(StorageError) {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(folder, "opened") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Self.failure(folder, "written") }
    }

    /// What the last call of the system says went wrong.
    static func failure(_ path: String, _ act: String, _ code: Int32 = errno) -> StorageError {
        code == ENOSPC ? .diskFull : .file(path: path, act: act, reason: String(cString: strerror(code)))
    }
}
