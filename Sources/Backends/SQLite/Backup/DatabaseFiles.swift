import Glibc

/// The files that make up an SQLite database: the file itself, its journals, and the index of one of them.
struct DatabaseFiles {
    let path: String
    /// What SQLite appends to the name for journals, in either of its modes.
    private static let journals = ["-wal", "-journal"]
    private static let index = "-shm"

    init(_ path: String) { self.path = path }

    /// Whether a name stands for one of the files.
    func contain(_ other: String) throws(StorageError) -> Bool {
        for suffix in ["", Self.index] + Self.journals {
            if try FileSystem.isSame(self.path + suffix, other) { return true }
        }
        return false
    }

    /// Whether there is a journal with something in it, without which the file is not the whole database.
    func haveJournal() throws(StorageError) -> Bool {
        for suffix in Self.journals {
            if let status = try FileSystem.status(self.path + suffix), status.st_size > 0 { return true }
        }
        return false
    }

    /// Removes journals, which would be taken for those of whatever file gets the name.
    func removeJournals() throws(StorageError) {
        for suffix in Self.journals + [Self.index] { try FileSystem.remove(self.path + suffix) }
    }

    /// Gives the database a second name; returns it. Where the file system has no second names, it is the only one.
    ///
    /// - Parameter stamp: tells it from others that were moved aside.
    func moveAside(_ stamp: String) throws(StorageError) -> String {
        var aside = "\(self.path).replaced-\(stamp)"
        for attempt in 2...100 where try FileSystem.exists(aside) {
            aside = "\(self.path).replaced-\(stamp)-\(attempt)"
        }
        for suffix in Self.journals where try FileSystem.exists(self.path + suffix) {
            try Self.name(self.path + suffix, also: aside + suffix)
        }
        try Self.name(self.path, also: aside)
        try FileSystem.syncFolder(of: self.path)
        return aside
    }

    private static func name(_ path: String, also other: String) throws(StorageError) {
        if link(path, other) == 0 { return }
        guard [EPERM, EOPNOTSUPP, ENOSYS].contains(errno), rename(path, other) == 0 else {
            throw FileSystem.failure(path, "moved aside")
        }
    }
}
