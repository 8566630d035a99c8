import Foundation
import Nostr
import Synchronization
import Testing

@testable import Backends

/// A schema of the server, nodes on it, and room for what only PostgreSQL can be asked.
final class PostgresFixture {
    let schema: PostgresSchema
    private let keeper: PostgresConnection

    init() throws {
        let name = "t" + UUID().uuidString.lowercased().filter { $0 != "-" }
        self.schema = PostgresSchema(name: name)
        self.keeper = try PostgresServer.connect()
    }

    deinit {
        let sql = "SET client_min_messages = warning; DROP SCHEMA IF EXISTS \(self.schema.name) CASCADE"
        try? self.keeper.execute(sql, timeout: .seconds(30))
    }

    /// A node of its own.
    ///
    /// - Parameters:
    ///   - places: the hosts and ports; nil for those of the server.
    ///   - query: what the URL says besides.
    ///   - isPatient: whether it starts although the database is not ready yet, as a relay does.
    func node(places: String? = nil, query: String = "", isPatient: Bool = false) throws -> PostgresStore {
        try PostgresStore(PostgresServer.text(places: places, query: query), isPatient: isPatient, schema: self.schema)
    }

    /// A connection that finds the tables.
    func connect() throws -> PostgresConnection {
        let connection = try PostgresServer.connect()
        try connection.execute("SET search_path = \(self.schema.name)")
        return connection
    }

    /// The first value that a statement gives.
    func value(_ sql: String) throws -> String? {
        try self.keeper.execute("SET search_path = \(self.schema.name)")
        return try self.keeper.value(sql, timeout: .seconds(60))
    }

    /// Ends all sessions of a node by the name that its URL gives them.
    func cut(_ applicationName: String) throws {
        let sessions = "FROM pg_stat_activity WHERE application_name = '\(applicationName)'"
        _ = try self.keeper.value("SELECT count(pg_terminate_backend(pid)) \(sessions)")
    }

    /// Stores an event by hand, in the transaction that the connection has begun; gives the transaction.
    func insert(_ event: Event, _ connection: PostgresConnection) throws -> Int64 {
        func hex(_ bytes: [UInt8]) -> String { "'\\x" + bytes.map { String(format: "%02x", $0) }.joined() + "'" }
        try connection.execute(
            """
            INSERT INTO author (pubkey) VALUES ('\\x\(event.pubkey.hex)') ON CONFLICT DO NOTHING;
            INSERT INTO event (position, id, author, kind, created_at, tie, json)
            SELECT nextval('position_block') * 16384, '\\x\(event.id.hex)', number, \(event.kind), \(event.createdAt),
                \(event.id.tie), \(hex(event.json))
            FROM author WHERE pubkey = '\\x\(event.pubkey.hex)'
            """
        )
        return try #require(connection.value("SELECT pg_current_xact_id()").flatMap { Int64($0) })
    }
}

extension StoreFollower {
    /// Collects what comes until it is enough.
    func changes(until isEnough: (StoreChanges) -> Bool) throws -> StoreChanges {
        var all = StoreChanges()
        for _ in 0..<600 {
            all.add(try self.nextChanges(waiting: .milliseconds(50)))
            if isEnough(all) { return all }
        }
        try #require(Bool(false), "what another node did is not heard of: \(all.events.count) events")
        return all
    }

    /// What has come; nil where the connection turns out to be lost, or is not there yet.
    func changesIfConnected(waiting duration: Duration) throws -> StoreChanges? {
        do throws(StorageError) {
            return try self.nextChanges(waiting: duration)
        } catch {
            guard case .unavailable = error else { throw error }
            usleep(10_000)
            return nil
        }
    }

    /// Begins to follow, and forgets what it says about the time before.
    func begin() throws { _ = try self.nextChanges(waiting: .zero) }
}

extension StoreChanges {
    /// Joins what came later.
    mutating func add(_ later: StoreChanges) {
        self.events += later.events
        self.ephemeral += later.ephemeral
        self.removedRows.formUnion(later.removedRows)
        self.mayHaveRemovedOthers = self.mayHaveRemovedOthers || later.mayHaveRemovedOthers
        self.hasMore = later.hasMore
    }
}
