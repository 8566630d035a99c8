import Glibc
import Nostr

/// The file with the relay's own secret key, 64 hexadecimal digits, that nobody but its owner may read.
struct RelayKeyFile {
    let path: String

    /// The key that the file holds; where there is no file, a new key in a new one.
    func key() throws(RelayKeyError) -> KeyPair {
        // Another process may be making it at this moment.
        for _ in 0..<10 {
            if let key = try self.read() { return key }
            if try self.create() { break }
            usleep(50_000)
        }
        guard let key = try self.read() else { throw self.error("cannot be read", ENOENT) }
        return key
    }

    /// Nil where there is no file, or one that is not written yet.
    private func read() throws(RelayKeyError) -> KeyPair? {
        let file = open(self.path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            guard errno == ENOENT else { throw self.error("cannot be read", errno) }
            return nil
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw self.error("cannot be read", errno) }
        guard status.st_mode & 0o077 == 0 else {
            throw RelayKeyError("\(self.path) may be read by others than its owner: chmod 600 it")
        }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count >= 0 else { throw self.error("cannot be read", errno) }
        let digits = bytes.prefix(count).filter { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard !digits.isEmpty else { return nil }
        guard let secret = Bytes32(hex: digits.span), let key = KeyPair(secret: secret) else {
            throw RelayKeyError("\(self.path) does not hold a secret key of 64 lower-case hexadecimal digits")
        }
        return key
    }

    /// Writes a new key; false where another process was first.
    private func create() throws(RelayKeyError) -> Bool {
        let file = open(self.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            guard errno == EEXIST else { throw self.error("cannot be written", errno) }
            return false
        }
        defer { close(file) }
        let text = Array(RelayKey.newSecret().hex.utf8) + [UInt8(ascii: "\n")]
        guard write(file, text, text.count) == text.count, fsync(file) == 0 else {
            let code = errno
            unlink(self.path)
            throw self.error("cannot be written", code)
        }
        return true
    }

    private func error(_ act: String, _ code: Int32) -> RelayKeyError {
        RelayKeyError("the file of the relay's key \(self.path) \(act): \(String(cString: strerror(code)))")
    }
}
