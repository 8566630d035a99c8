import Foundation
import Synchronization
import Testing

@testable import Backends

@Suite struct PostgresConnectorTests {
    @Test(.needsPostgres) func `a connection is opened and set up in the background, one at a time`() throws {
        let connector = try PostgresConnector(PostgresServer.url()) { connection throws(StorageError) in
            try connection.execute("SET work_mem = '5MB'")
        }
        let first = try #require(connector.take(waiting: .seconds(30)))
        #expect(try first.value("SHOW work_mem") == "5MB")
        #expect(connector.lastError == nil)
        let second = try #require(connector.take(waiting: .seconds(30)))
        #expect(second.backend != first.backend)
        connector.close()
        #expect(connector.take() == nil)
        #expect(connector.take(waiting: .seconds(3_600)) == nil)
        #expect(try first.value("SELECT 1") == "1")
    }

    @Test(.needsPostgres) func `a connection that nobody takes is closed with the connector`() throws {
        let name = "unused\(UInt32.random(in: 0...UInt32.max))"
        let count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(name)'"
        let other = try PostgresServer.connect()
        var connector: PostgresConnector? = try PostgresConnector(
            PostgresServer.url(query: "application_name=\(name)"),
            prepare: { _ in }
        )
        try PostgresServer.waitUntil { try other.value(count) == "1" }
        connector?.request()
        connector = nil
        try PostgresServer.waitUntil { try other.value(count) == "0" }
    }

    @Test(.needsPostgres) func `where the setting up fails it is tried again, and the failure can be read`() throws {
        let attempts = Atomic<Int>(0)
        let connector = try PostgresConnector(PostgresServer.url()) { _ throws(StorageError) in
            guard attempts.add(1, ordering: .relaxed).newValue > 2 else { throw .busy }
        }
        try PostgresServer.waitUntil { connector.lastError == .busy || attempts.load(ordering: .relaxed) > 2 }
        #expect(connector.take(waiting: .seconds(30)) != nil)
        #expect(connector.lastError == nil)
        #expect(attempts.load(ordering: .relaxed) == 3)
    }

    @Test(.needsPostgres) func `a wrong password ends the wait at once, and is not tried without pause`() throws {
        let proxy = try LoopbackProxy(.passing, to: PostgresServer.place())
        defer { proxy.close() }
        let url = try PostgresServer.url(
            places: "127.0.0.1:\(proxy.port)",
            password: "hunter2",
            query: "sslmode=disable"
        )
        let session = PostgresSession(try PostgresConnector(url, prepare: { _ in }))
        let error = #expect(throws: StorageError.self) { try session.waitForConnection(upTo: .seconds(3_600)) }
        guard case .cannotOpen = error else { throw error ?? .busy }
        #expect(error?.description.contains("hunter2") == false)
        let later = #expect(throws: StorageError.self) { try session.perform { _ in } }
        guard case .unavailable(let reason) = later else { throw later ?? .busy }
        #expect(reason.contains("28P01") && !reason.contains("hunter2"))
        usleep(400_000)
        #expect(proxy.connections <= 6)
    }

    @Test func `a connector that is closed gives its thread up, whatever the server does`() throws {
        let proxy = try LoopbackProxy(.silent)
        defer { proxy.close() }
        let url = try PostgresURL("postgres://u@127.0.0.1:\(proxy.port)/d?connect_timeout=3000")
        weak var remains: PostgresConnectorWork?
        do {
            let work = try PostgresConnectorWork(url, writing: true, connectTimeout: .seconds(3_000), prepare: { _ in })
            try work.start()
            try PostgresServer.waitUntil { proxy.connections > 0 }
            remains = work
            work.close()
        }
        try PostgresServer.waitUntil { remains == nil }
    }
}
