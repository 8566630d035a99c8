import Foundation
import Testing

@testable import Backends

@Suite struct PostgresSessionTests {
    private static func session(_ url: PostgresURL? = nil) throws -> PostgresSession {
        let connector = try PostgresConnector(url ?? PostgresServer.url(), prepare: { _ in })
        return PostgresSession(connector, patience: .seconds(30))
    }

    @Test func `without a connection it says so at once, and why as soon as that is known`() throws {
        let proxy = try LoopbackProxy(.closing)
        defer { proxy.close() }
        let session = try Self.session(PostgresURL("postgres://u:hunter2@127.0.0.1:\(proxy.port)/d"))
        defer { session.close() }
        var reason = ""
        try PostgresServer.waitUntil {
            let error = #expect(throws: StorageError.self) {
                try session.perform { _ in Issue.record("no connection") }
            }
            guard case .unavailable(let text) = error else { throw error ?? .busy }
            reason = text
            return text.contains("127.0.0.1")
        }
        #expect(!reason.contains("hunter2"))
        #expect(throws: StorageError.self) { try session.waitForConnection(upTo: .milliseconds(1)) }
    }

    @Test(.needsPostgres) func `what a body leaves open where it throws is rolled back`() throws {
        let session = try Self.session()
        try session.waitForConnection(upTo: .seconds(30))
        try session.waitForConnection(upTo: .seconds(30))
        let backend = try session.perform { connection throws(StorageError) in
            try connection.execute("CREATE TEMPORARY TABLE t (a int)")
            return connection.backend
        }
        #expect(throws: StorageError.busy) {
            try session.perform { connection throws(StorageError) in
                try connection.execute("BEGIN; INSERT INTO t VALUES (1)")
                throw .busy
            }
        }
        #expect(throws: StorageError.self) {
            try session.perform { connection throws(StorageError) in
                try connection.execute("BEGIN; INSERT INTO t VALUES (1)")
                try connection.execute("NONSENSE")
            }
        }
        try session.perform { connection throws(StorageError) in
            #expect(connection.transactionStatus == .idle && connection.backend == backend)
            #expect(try connection.value("SELECT count(*) FROM t") == "0")
        }
    }

    @Test(.needsPostgres) func `a connection that was lost while nothing was done is replaced unseen`() throws {
        let session = try Self.session()
        try session.waitForConnection(upTo: .seconds(30))
        var backends: Set<Int32> = []
        for _ in 0..<3 {
            let backend = try session.perform { connection throws(StorageError) in
                // Takes what a server that is about to go has sent.
                try connection.execute("SELECT 1")
                return connection.backend
            }
            #expect(backends.insert(backend).inserted)
            try PostgresServer.terminate(backend)
            usleep(50_000)
        }
    }

    @Test(.needsPostgres) func `a body that reads is run once more, and one that writes is not`() throws {
        let session = try Self.session()
        try session.waitForConnection(upTo: .seconds(30))
        for isReading in [true, false] {
            var runs = 0
            let value: String? = try? session.perform(retrying: isReading) { connection throws(StorageError) in
                runs += 1
                if runs == 1 { try connection.execute("SELECT pg_terminate_backend(pg_backend_pid())") }
                return try connection.value("SELECT 5")
            }
            #expect(runs == (isReading ? 2 : 1))
            #expect(value == (isReading ? "5" : nil))
        }
        var runs = 0
        let error = #expect(throws: StorageError.self) {
            try session.waitForConnection(upTo: .seconds(30))
            try session.perform(retrying: true) { connection throws(StorageError) in
                runs += 1
                try connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            }
        }
        guard case .unavailable = error else { throw error ?? .busy }
        #expect(runs == 2)
        // A failure of the statement is no failure of the connection.
        try session.waitForConnection(upTo: .seconds(30))
        runs = 0
        #expect(throws: StorageError.self) {
            try session.perform(retrying: true) { connection throws(StorageError) in
                runs += 1
                try connection.execute("NONSENSE")
            }
        }
        #expect(runs == 1)
        session.close()
        #expect(throws: StorageError.self) { try session.perform { _ in } }
    }
}
