import Glibc

/// A program that is run beside this one, and whose output is read; what it says of its errors is kept.
final class ChildProcess {
    /// Where its output is read from.
    let output: Int32
    private let name: String
    /// Nil when it has ended.
    private var process: pid_t?
    private let errors: UnsafeMutablePointer<FILE>?

    /// - Parameters:
    ///   - program: the path of the file.
    ///   - environment: variables beside those of this process, or instead of them.
    init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:]
    ) throws(StorageError) {
        self.name = program.split(separator: "/").last.map(String.init) ?? program
        var ends: (Int32, Int32) = (-1, -1)
        let status = withUnsafeMutablePointer(to: &ends) { pointer in
            pointer.withMemoryRebound(to: Int32.self, capacity: 2) { pipe($0) }
        }
        guard status == 0 else { throw FileSystem.failure(program, "started") }
        _ = fcntl(ends.0, F_SETFD, FD_CLOEXEC)
        _ = fcntl(ends.1, F_SETFD, FD_CLOEXEC)
        self.output = ends.0
        self.errors = tmpfile()
        defer { close(ends.1) }
        let code = Self.spawn(
            program,
            arguments,
            Self.variables(environment),
            output: ends.1,
            errors: self.errors.map { fileno($0) },
            &self.process
        )
        guard code == 0 else { throw FileSystem.failure(program, "started", code) }
    }

    deinit {
        close(self.output)
        if let process {
            kill(process, SIGTERM)
            waitpid(process, nil, 0)
        }
        if let errors { fclose(errors) }
    }

    private static func spawn(
        _ program: String,
        _ arguments: [String],
        _ environment: [String],
        output: Int32,
        errors: Int32?,
        _ process: inout pid_t?
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        if let errors { posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO) }
        let texts = [[program] + arguments, environment].map { list in list.map { strdup($0) } + [nil] }
        defer { for text in texts.joined() { free(text) } }
        var number = pid_t()
        let code = posix_spawn(&number, program, &actions, nil, texts[0], texts[1])
        if code == 0 { process = number }
        return code
    }

    /// The environment of this process with some of it changed.
    private static func variables(_ changes: [String: String]) -> [String] {
        var found: [String] = []
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if changes[String(text.prefix { $0 != "=" })] == nil { found.append(text) }
            next += 1
        }
        return found + changes.map { "\($0.key)=\($0.value)" }
    }

    /// The next bytes of the output; none at its end.
    func read(atMost count: Int) throws(StorageError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var found = 0
        repeat { found = Glibc.read(self.output, &bytes, count) } while found < 0 && errno == EINTR
        guard found >= 0 else { throw FileSystem.failure("the output of \(self.name)", "read") }
        bytes.removeLast(count - found)
        return bytes
    }

    /// The output, line by line, instead of `read`.
    var lines: FileLines {
        FileLines(descriptor: fcntl(self.output, F_DUPFD_CLOEXEC, 0), name: "the output of \(self.name)")
    }

    /// Waits for the end, when all output has been read.
    ///
    /// - Throws: `failed` with what the program said, where it did not end well.
    func finish() throws(StorageError) {
        guard let process = self.process else { return }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        self.process = nil
        guard status != 0 else { return }
        let text = StorageError.oneLine(self.complaint())
        throw .failed(text.isEmpty ? "\(self.name) ended with status \(status)" : text)
    }

    /// The beginning of what the program wrote to standard error.
    private func complaint() -> String {
        guard let errors else { return "" }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = pread(fileno(errors), &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}
