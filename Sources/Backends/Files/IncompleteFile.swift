import Glibc

/// A file that is written under another name beside the one that it gets when it is whole: `NAME.incomplete`.
///
/// One process at a time writes it; what one that was killed has left behind is thrown away by the next.
final class IncompleteFile {
    let path: String
    private let target: String
    private let descriptor: Int32
    private var isPublished = false

    init(for target: String) throws(StorageError) {
        self.target = target
        self.path = target + ".incomplete"
        self.descriptor = try Self.create(self.path)
    }

    /// Makes an empty file that is locked, and that the name stands for.
    private static func create(_ path: String) throws(StorageError) -> Int32 {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw FileSystem.failure(path, "written") }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                close(descriptor)
                throw .inUse(path: path)
            }
            var own = stat()
            fstat(descriptor, &own)
            let named: stat?
            do throws(StorageError) { named = try FileSystem.status(path) } catch {
                close(descriptor)
                throw error
            }
            let isNamed = named?.st_ino == own.st_ino && named?.st_dev == own.st_dev
            // It may be a whole file by another name: it is never written to.
            if isNamed, own.st_size == 0, own.st_nlink == 1 { return descriptor }
            if isNamed { unlink(path) }
            close(descriptor)
        }
    }

    deinit {
        if !self.isPublished { unlink(self.path) }
        close(self.descriptor)
    }

    /// Gives the file the mode of another, and its owner, as far as this process may.
    func resemble(_ other: stat) {
        _ = fchown(self.descriptor, other.st_uid, other.st_gid)
        _ = fchmod(self.descriptor, other.st_mode & 0o777)
    }

    /// Lets nobody but its owner read the file.
    func keepPrivate() { _ = fchmod(self.descriptor, 0o600) }

    /// Bytes of the file.
    var size: Int {
        var status = stat()
        return fstat(self.descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Appends bytes.
    func write(_ bytes: [UInt8]) throws(StorageError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                Glibc.write(self.descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            }
            guard count >= 0 || errno == EINTR else { throw FileSystem.failure(self.path, "written") }
            written += max(count, 0)
        }
    }

    /// Waits until what was written is on the disk.
    func sync() throws(StorageError) {
        guard fsync(self.descriptor) == 0 else { throw FileSystem.failure(self.path, "written") }
    }

    /// Gives the file its name, at once and for good. Nobody may have it open as a database.
    func publish(replacing: Bool) throws(StorageError) {
        try self.sync()
        if replacing {
            guard rename(self.path, self.target) == 0 else { throw FileSystem.failure(self.target, "written") }
        } else if link(self.path, self.target) == 0 {
            unlink(self.path)
        } else {
            // A file system without hard links cannot do it in one step.
            let code = errno
            guard code == EPERM || code == EOPNOTSUPP || code == ENOSYS, try !FileSystem.exists(self.target) else {
                throw code == EEXIST ? .exists(path: self.target) : FileSystem.failure(self.target, "written", code)
            }
            guard rename(self.path, self.target) == 0 else { throw FileSystem.failure(self.target, "written") }
        }
        self.isPublished = true
        try FileSystem.syncFolder(of: self.target)
    }
}
