import Foundation
import Testing

@testable import Backends

/// A backend that the suite runs against; a new one needs a case here and nothing else.
enum Backend: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite, postgres

    /// PostgreSQL where `MARTLET_TEST_POSTGRES` names a server that tests may use, as `scripts/test` sees to.
    static var allCases: [Backend] { Self.postgresURL == nil ? [.sqlite] : [.sqlite, .postgres] }

    static var postgresURL: String? { ProcessInfo.processInfo.environment["MARTLET_TEST_POSTGRES"] }

    var testDescription: String { self.rawValue }

    /// How often a test repeats itself: less often where every step goes over a socket.
    func rounds(_ count: Int) -> Int { self == .sqlite ? count : max(count / 4, 1) }

    /// An empty store that keeps all it has in `folder`, or in a schema of the server that is called like it.
    func store(in folder: URL) throws -> any EventStore {
        switch self {
        case .sqlite:
            return try StoreURL.store("sqlite:\(folder.path)/data/events.db", pageCacheBytes: 4 << 20, readers: 1)
        case .postgres:
            return try PostgresStore(
                try #require(Self.postgresURL),
                isPatient: false,
                schema: Self.schema(of: folder)
            )
        }
    }

    static func schema(of folder: URL) -> PostgresSchema {
        PostgresSchema(name: "t" + folder.lastPathComponent.lowercased().filter { $0.isLetter || $0.isNumber })
    }

    /// Removes what a store has outside of its folder.
    func remove(in folder: URL) {
        guard self == .postgres, let text = Self.postgresURL, let url = try? PostgresURL(text),
            let connection = try? PostgresConnection.open(url)
        else { return }
        let sql = "SET client_min_messages = warning; DROP SCHEMA IF EXISTS \(Self.schema(of: folder).name) CASCADE"
        try? connection.execute(sql, timeout: .seconds(30))
    }
}
