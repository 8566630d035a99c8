import Testing

@testable import Backends

@Suite struct ChildProcessTests {
    @Test func `a program's output is read, with its environment`() throws {
        let process = try ChildProcess("/bin/sh", ["-c", "echo one; echo $WORD"], environment: ["WORD": "two"])
        let lines = process.lines
        #expect(try lines.next() == Array("one".utf8))
        #expect(try lines.next() == Array("two".utf8))
        #expect(try lines.next() == nil)
        try process.finish()
    }

    @Test func `a program that fails says why`() throws {
        let process = try ChildProcess("/bin/sh", ["-c", "echo it is so >&2; exit 3"])
        #expect(try process.read(atMost: 100).isEmpty)
        #expect(throws: StorageError.failed("it is so")) { try process.finish() }
        let silent = try ChildProcess("/bin/false", [])
        #expect(throws: StorageError.self) { try silent.finish() }
    }

    @Test func `a program that is not there cannot be started`() {
        #expect(throws: StorageError.self) { try ChildProcess("/absent/program", []) }
    }

    @Test func `a program whose output nobody wants any more ends`() throws {
        let process = try ChildProcess("/bin/sh", ["-c", "while echo again; do :; done"])
        #expect(try !process.read(atMost: 10).isEmpty)
    }
}
