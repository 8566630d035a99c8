import Testing

@testable import Backends

@Suite struct PostgresErrorTests {
    @Test(arguments: ["57P01", "57P02", "57P03", "53300", "08006", "25006"])
    func `a failure of the session is one that another session may not have`(sqlstate: String) {
        let error = StorageError.postgres(sqlstate: sqlstate, message: "m")
        #expect(error == .unavailable("m (SQLSTATE \(sqlstate))"))
        #expect(StorageError.isOfSession(sqlstate: sqlstate))
    }

    @Test(arguments: ["22021", "23505", "54000"])
    func `data that the server does not take is refused`(sqlstate: String) {
        #expect(StorageError.postgres(sqlstate: sqlstate, message: "m") == .rejected(sqlstate: sqlstate, message: "m"))
        #expect(!StorageError.isOfSession(sqlstate: sqlstate))
    }

    @Test func `what passes by itself is told from what does not`() {
        for sqlstate in ["55P03", "40P01", "40001", "57014"] {
            #expect(StorageError.postgres(sqlstate: sqlstate, message: "m") == .busy)
        }
        #expect(StorageError.postgres(sqlstate: "53100", message: "m") == .diskFull)
        #expect(StorageError.postgres(sqlstate: "42601", message: "m") == .failed("m (SQLSTATE 42601)"))
        #expect(!StorageError.isOfSession(sqlstate: "08P01"))
        #expect(StorageError.postgres(sqlstate: nil, message: "m") == .failed("m"))
        #expect(StorageError.postgres(sqlstate: "", message: "m") == .failed("m (SQLSTATE )"))
    }

    @Test(arguments: [
        ("FATAL:  28P01: no", true), ("x\nFATAL:  3D000: no", true), ("FATAL:  57P03: no", false), ("", false),
        ("FATAL:  28", false), ("28P01", false), ("FATAL:  28P01", false), (":  :  :  ", false),
    ])
    func `a refusal of the user is told from a server that is away`(message: String, isRefused: Bool) throws {
        let error = try StorageError.postgresConnect(to: PostgresURL("postgres://u:hunter2@h/d"), message: message)
        if case .cannotOpen = error { #expect(isRefused) } else { #expect(!isRefused) }
        #expect(!error.description.contains("hunter2"))
    }

    @Test func `a message becomes one line of bounded length`() {
        #expect(StorageError.oneLine("a \t b\r\n\n  c\nLOCATION:  x.c:1\n") == "a b; c")
        #expect(StorageError.oneLine(String(repeating: "x", count: 9_999)).count == 600)
    }

    @Test func `each failed attempt waits longer than the one before, up to a limit`() {
        var backoff = Backoff()
        #expect(backoff.delay(chance: 1) == .zero)
        var delays: [Duration] = []
        for _ in 0..<40 {
            backoff.fail()
            #expect(backoff.delay(chance: 0) * 2 == backoff.delay(chance: 1))
            delays.append(backoff.delay(chance: 1))
        }
        #expect(delays.first == .milliseconds(100) && delays.last == .seconds(5))
        #expect(delays == delays.sorted())
        backoff.reset()
        #expect(backoff.delay(chance: 1) == .zero)
    }
}
