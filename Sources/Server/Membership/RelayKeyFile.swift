import Glibc
import Nostr

/// The file with the relay's own secret key, an nsec or 64 hexadecimal digits, that nobody but its owner may read.
struct RelayKeyFile {
    let path: String

    private static let mostBytes = 4_096

    /// The key that the file holds; where there is no file, it is made with this secret.
    func key(making secret: Bytes32) throws(RelayKeyError) -> KeyPair {
        if let key = try self.read() { return key }
        try self.create(secret)
        // Another process may have been first.
        guard let key = try self.read() else { throw self.error("cannot be read", ENOENT) }
        return key
    }

    /// Nil where there is no file.
    func read() throws(RelayKeyError) -> KeyPair? {
        // What is no plain file must not keep the relay waiting.
        let file = open(self.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            guard errno == ENOENT else { throw self.error("cannot be read", errno) }
            return nil
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw self.error("cannot be read", errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw RelayKeyError("\(self.path), where the relay's key is to be, is no plain file")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw RelayKeyError("\(self.path) may be read by others than its owner: chmod 600 \(self.path)")
        }
        var bytes = [UInt8](repeating: 0, count: Self.mostBytes)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count >= 0 else { throw self.error("cannot be read", errno) }
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D }
        let text = bytes.prefix(count).drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        guard let key = KeyPair(secretText: String(decoding: text, as: UTF8.self)) else {
            throw RelayKeyError(
                "\(self.path) holds no secret key: an nsec or 64 lower-case hexadecimal digits"
            )
        }
        return key
    }

    /// Writes the file under a name of its own and gives it its name when it is whole, unless that is taken by then.
    private func create(_ secret: Bytes32) throws(RelayKeyError) {
        let draft = "\(self.path).\(String(UInt64.random(in: 0 ... .max), radix: 16))"
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw self.error("cannot be written", errno) }
        defer {
            close(file)
            unlink(draft)
        }
        let text = Array(secret.hex.utf8) + [UInt8(ascii: "\n")]
        guard write(file, text, text.count) == text.count, fsync(file) == 0 else {
            throw self.error("cannot be written", errno)
        }
        guard link(draft, self.path) == 0 || errno == EEXIST || self.rename(draft) else {
            throw self.error("cannot be written", errno)
        }
        self.syncFolder()
    }

    /// A file system without hard links cannot give the name in one step.
    private func rename(_ draft: String) -> Bool {
        guard errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS else { return false }
        return access(self.path, F_OK) != 0 && Glibc.rename(draft, self.path) == 0
    }

    /// Has the name outlive a power cut.
    private func syncFolder() {
        let slash = self.path.lastIndex(of: "/")
        let folder = slash.map { $0 == self.path.startIndex ? "/" : String(self.path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private func error(_ act: String, _ code: Int32) -> RelayKeyError {
        RelayKeyError("the file of the relay's key \(self.path) \(act): \(String(cString: strerror(code)))")
    }
}
