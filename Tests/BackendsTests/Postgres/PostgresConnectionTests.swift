import Foundation
import Testing

@testable import Backends

@Suite(.needsPostgres) struct PostgresConnectionTests {
    private static func expectUnavailable(_ error: StorageError?, saying text: String = "") {
        guard case .unavailable(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(text.isEmpty ? !reason.isEmpty : reason.contains(text), "\(reason)")
    }

    @Test func `statements run, fail and run again`() throws {
        let connection = try PostgresServer.connect()
        #expect(connection.serverVersion >= 130_000 && connection.backend > 0)
        try connection.execute("CREATE TEMPORARY TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (1), (2)")
        #expect(try connection.value("SELECT count(*) FROM t") == "2")
        #expect(try connection.value("SELECT NULL") == nil)
        #expect(try connection.value("SELECT 1 WHERE false") == nil)
        #expect(try connection.value("") == nil)
        let error = #expect(throws: StorageError.self) { try connection.execute("INSERT INTO t VALUES (1)") }
        guard case .rejected("23505", _) = error else { throw error ?? .busy }
        let unknown = #expect(throws: StorageError.self) { try connection.execute("NONSENSE") }
        #expect(unknown?.description.contains("42601") == true)
        #expect(throws: StorageError.self) { try connection.execute("COPY t TO STDOUT") }
        #expect(connection.isBroken)
    }

    @Test func `a statement is prepared once, and again on another connection`() throws {
        let connection = try PostgresServer.connect()
        let statement = try connection.prepare("SELECT 1::int8")
        #expect(try connection.prepare("SELECT 1::int8") === statement)
        #expect(throws: StorageError.self) { try connection.prepare("NONSENSE") }
        for other in [connection, try PostgresServer.connect()] {
            #expect(try other.query(statement).integer(0, 0) == 1)
            #expect(try other.query(statement).integer(0, 0) == 1)
            #expect(try other.value("SELECT count(*) FROM pg_prepared_statements") == "1")
        }
    }

    @Test func `two statements make one round trip, and whichever fails leaves the connection of use`() throws {
        let connection = try PostgresServer.connect()
        let first = PostgresStatement("SELECT 7::int8")
        let second = PostgresStatement("SELECT n, 12 / n FROM unnest($1::int4[]) AS q(n)")
        let failing = PostgresStatement("SELECT 1 / (random() * 0)::int4")
        var (good, bad) = (PostgresParameters(), PostgresParameters())
        good.add(int4s: [3, 4])
        bad.add(int4s: [3, 0])
        for _ in 0..<3 {
            let (one, two) = try connection.query(first, then: second, good)
            #expect(one.integer(0, 0) == 7 && two.count == 2 && two.integer(1, 1) == 3)
            for (statement, parameters) in [(first, bad), (failing, good)] {
                let error = #expect(throws: StorageError.self) {
                    _ = try connection.query(statement, then: second, parameters)
                }
                #expect(error?.description.contains("22012") == true)
                #expect(!connection.isBroken && connection.transactionStatus == .idle)
            }
            #expect(try connection.value("SELECT 5") == "5")
        }
        connection.close()
        #expect(throws: StorageError.self) { _ = try connection.query(first, then: second, good) }
    }

    @Test func `where a transaction stands is known`() throws {
        let connection = try PostgresServer.connect()
        #expect(connection.transactionStatus == .idle)
        try connection.execute("BEGIN")
        #expect(connection.transactionStatus == .inTransaction)
        #expect(throws: StorageError.self) { try connection.execute("SELECT 1 / 0") }
        #expect(connection.transactionStatus == .failed)
        #expect(throws: StorageError.self) { try connection.query(PostgresStatement("SELECT 1")) }
        try connection.execute("ROLLBACK")
        #expect(connection.transactionStatus == .idle)
        connection.close()
        connection.close()
        #expect(connection.transactionStatus == .unknown && connection.isBroken)
        #expect(throws: StorageError.unavailable("the connection is closed")) { try connection.execute("SELECT 1") }
        #expect(throws: StorageError.self) { try connection.notifications() }
        connection.checkConnection()
    }

    @Test func `a server that went between two statements is found gone`() throws {
        let connection = try PostgresServer.connect()
        try PostgresServer.terminate(connection.backend)
        Self.expectUnavailable(#expect(throws: StorageError.self) { try connection.execute("SELECT 1") })
        #expect(connection.isBroken)
        let checked = try PostgresServer.connect()
        checked.checkConnection()
        #expect(!checked.isBroken)
        try PostgresServer.terminate(checked.backend)
        try PostgresServer.waitUntil {
            checked.checkConnection()
            return checked.isBroken
        }
    }

    @Test func `a server that goes during a statement says why`() throws {
        let connection = try PostgresServer.connect()
        let backend = connection.backend
        Thread.detachNewThread {
            do {
                let other = try PostgresServer.connect()
                try PostgresServer.waitUntil {
                    try other.value("SELECT 1 FROM pg_stat_activity WHERE pid = \(backend) AND state = 'active'") != nil
                }
                _ = try other.value("SELECT pg_terminate_backend(\(backend))")
            } catch { Issue.record(error) }
        }
        let error = #expect(throws: StorageError.self) {
            try connection.query(PostgresStatement("SELECT pg_sleep(60)"), timeout: .seconds(60))
        }
        Self.expectUnavailable(error, saying: "57P01")
        #expect(connection.isBroken)
    }

    @Test func `a statement that takes too long is ended by the server, or by us`() throws {
        let connection = try PostgresServer.connect()
        try connection.execute("SET statement_timeout = 50")
        #expect(throws: StorageError.busy) { try connection.execute("SELECT pg_sleep(60)") }
        #expect(!connection.isBroken)
        try connection.execute("SET statement_timeout = 0")
        let error = #expect(throws: StorageError.self) {
            try connection.execute("SELECT pg_sleep(2)", timeout: .milliseconds(50))
        }
        Self.expectUnavailable(error, saying: "in time")
        #expect(connection.isBroken)
    }

    @Test func `a session on a server that can only be read is given up`() throws {
        let connection = try PostgresServer.connect()
        try connection.execute("BEGIN READ ONLY")
        let error = #expect(throws: StorageError.self) { try connection.execute("CREATE TABLE martlet_never (a int)") }
        Self.expectUnavailable(error, saying: "25006")
        #expect(connection.isBroken)
    }

    @Test func `a network that was cut ends a statement, and one that is too great to be sent`() throws {
        let proxy = try LoopbackProxy(.passing, to: PostgresServer.place())
        defer { proxy.close() }
        let url = try PostgresServer.url(places: "127.0.0.1:\(proxy.port)")
        let great = PostgresStatement("SELECT length($1::bytea)::int8")
        var parameters = PostgresParameters()
        parameters.add(bytes: [UInt8](repeating: 7, count: 32 << 20))
        for isGreat in [false, true] {
            proxy.behave(.passing)
            let connection = try PostgresConnection.open(url)
            #expect(try connection.query(great, parameters, timeout: .seconds(60)).integer(0, 0) == 32 << 20)
            proxy.behave(.silent)
            let error = #expect(throws: StorageError.self) {
                if isGreat {
                    _ = try connection.query(great, parameters, timeout: .milliseconds(200))
                    return
                }
                try connection.execute("SELECT 1", timeout: .milliseconds(200))
            }
            Self.expectUnavailable(error, saying: "in time")
            #expect(connection.isBroken)
        }
        proxy.behave(.passing)
        let connection = try PostgresConnection.open(url)
        proxy.behave(.closing)
        Self.expectUnavailable(#expect(throws: StorageError.self) { try connection.execute("SELECT 1") })
    }

    @Test func `notifications come, also beside other answers, and a wait for them ends`() throws {
        let listener = try PostgresServer.connect()
        let teller = try PostgresServer.connect()
        let channel = "c\(listener.backend)"
        try listener.execute("LISTEN \(channel)")
        #expect(try listener.notifications().isEmpty)
        #expect(try listener.notifications(waiting: .milliseconds(20)).isEmpty)
        try teller.execute("NOTIFY \(channel), 'one'; NOTIFY \(channel)")
        let expected = [("one", teller.backend), ("", teller.backend)]
        #expect(try listener.value("SELECT 1") == "1")
        var found: [PostgresNotification] = []
        while found.count < 2 { found += try listener.notifications(waiting: .seconds(30)) }
        #expect(found == expected.map { PostgresNotification(channel: channel, payload: $0.0, backend: $0.1) })
        let wakeUp = try WakeUp()
        wakeUp.signal()
        #expect(try listener.notifications(waiting: .seconds(3_600), wakeUp: wakeUp).isEmpty)
        wakeUp.clear()
        #expect(try listener.notifications(waiting: .milliseconds(1), wakeUp: wakeUp).isEmpty)
        Thread.detachNewThread {
            usleep(20_000)
            wakeUp.signal()
        }
        #expect(try listener.notifications(waiting: .seconds(3_600), wakeUp: wakeUp).isEmpty)
        try PostgresServer.terminate(listener.backend)
        Self.expectUnavailable(
            #expect(throws: StorageError.self) { try listener.notifications(waiting: .seconds(30)) }
        )
        #expect(listener.isBroken)
    }
}
