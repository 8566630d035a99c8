import Glibc

/// Keeps others from using an SQLite database, as long as it lives.
///
/// Who has a database open in WAL mode holds a shared lock on some bytes of the file (SQLite's file locking, "SHARED").
final class ExclusiveLock {
    private let descriptor: Int32
    private static let pendingByte = 0x4000_0000
    private static let sharedBytes = 510
    /// `F_OFD_SETLK` of Linux: a lock of the open file, which another close of this process does not end.
    private static let setLock: Int32 = 37

    /// - Throws: `inUse` where somebody has the database open, this process included.
    init(_ path: String) throws(StorageError) {
        self.descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard self.descriptor >= 0 else { throw FileSystem.failure(path, "opened") }
        var region = flock()
        region.l_type = Int16(F_WRLCK)
        region.l_whence = Int16(SEEK_SET)
        region.l_start = off_t(Self.pendingByte)
        region.l_len = off_t(2 + Self.sharedBytes)
        guard fcntl(self.descriptor, Self.setLock, &region) == 0 else {
            let code = errno
            throw code == EAGAIN || code == EACCES ? .inUse(path: path) : FileSystem.failure(path, "locked", code)
        }
    }

    deinit { close(self.descriptor) }
}
