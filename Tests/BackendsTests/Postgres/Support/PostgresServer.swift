import Foundation
import Testing

@testable import Backends

/// The PostgreSQL server that the environment variable MARTLET_TEST_POSTGRES names.
enum PostgresServer {
    static let address = ProcessInfo.processInfo.environment["MARTLET_TEST_POSTGRES"]

    /// The server's URL with some of it replaced.
    ///
    /// - Parameter places: the hosts and ports; nil for those of the server.
    static func url(
        places: String? = nil,
        password: String? = nil,
        database: String? = nil,
        query: String = ""
    ) throws -> PostgresURL {
        try PostgresURL(self.text(places: places, password: password, database: database, query: query))
    }

    /// The same as text.
    static func text(
        places: String? = nil,
        password: String? = nil,
        database: String? = nil,
        query: String = ""
    ) throws -> String {
        let options = try PostgresURL(#require(self.address)).options
        func escaped(_ text: String?) -> String {
            (text ?? "").addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        }
        let user = "\(escaped(options["user"])):\(escaped(password ?? options["password"]))"
        let name = escaped(database ?? options["dbname"])
        return try "postgres://\(user)@\(places ?? self.place())/\(name)?\(query)"
    }

    /// The host and the port.
    static func place() throws -> String {
        let options = try PostgresURL(#require(self.address)).options
        return "\(options["host"] ?? "127.0.0.1"):\(options["port"] ?? "5432")"
    }

    static func connect() throws -> PostgresConnection { try PostgresConnection.open(self.url()) }

    /// Ends a session by its server process, and waits until it has gone.
    static func terminate(_ backend: Int32) throws {
        let other = try self.connect()
        _ = try other.value("SELECT pg_terminate_backend(\(backend))")
        try self.waitUntil { try other.value("SELECT 1 FROM pg_stat_activity WHERE pid = \(backend)") == nil }
    }

    /// Asks again and again, and gives up after half a minute.
    static func waitUntil(_ condition: () throws -> Bool) throws {
        for _ in 0..<3_000 {
            if try condition() { return }
            usleep(10_000)
        }
        Issue.record("it did not come about")
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where there is no server.
    static var needsPostgres: Self {
        .enabled(if: PostgresServer.address != nil, "MARTLET_TEST_POSTGRES names no PostgreSQL server")
    }
}
