import Nostr
import Testing

@testable import Backends

/// A new store in a temporary folder with one session that writes and one that reads.
final class TestStore {
    private(set) var writer: any StoreWriter
    private(set) var reader: any StoreReader
    let store: any EventStore
    let folder: TemporaryFolder
    let backend: Backend

    init(_ backend: Backend) throws {
        self.backend = backend
        self.folder = try TemporaryFolder()
        self.store = try backend.store(in: self.folder.url)
        self.writer = try self.store.openWriter()
        self.reader = try self.store.openReader()
    }

    deinit {
        self.writer.close()
        self.reader.close()
        self.backend.remove(in: self.folder.url)
    }

    /// Opens both sessions anew, as a restarted process does.
    func reopen() throws {
        self.writer.close()
        self.reader.close()
        self.writer = try self.store.openWriter()
        self.reader = try self.store.openReader()
    }

    /// Saves events in one batch and hands their outcomes back.
    @discardableResult
    func save(_ events: Event...) throws -> [SaveOutcome] { try self.writer.save(events).outcomes }

    /// Saves events in one batch, all of which must be stored; returns their positions.
    @discardableResult
    func storeAll(_ events: [Event], sourceLocation: SourceLocation = #_sourceLocation) throws -> [Int64] {
        try self.commitAll(events, sourceLocation: sourceLocation).map(\.row)
    }

    /// Saves events in one batch, all of which must be stored; returns where they stand.
    func commitAll(
        _ events: [Event],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [CommitPosition] {
        try self.writer.save(events).outcomes.map { outcome in
            try #require(outcome.commit, "\(outcome)", sourceLocation: sourceLocation)
        }
    }

    /// The writer as what takes another store's contents.
    func intake() throws -> any StoreIntake { try #require(self.writer as? any StoreIntake) }

    /// The store as one that is handed over whole.
    func transfer() throws -> any StoreTransfer { try #require(self.store as? any StoreTransfer) }

    /// Runs SQL behind the store's back.
    func execute(_ sql: String) throws {
        switch self.backend {
        case .sqlite: try Database(path: self.folder.path("data/events.db"), mode: .write).execute(sql)
        case .postgres:
            let connection = try PostgresConnection.open(PostgresURL(try #require(Backend.postgresURL)))
            try connection.execute("SET search_path = \(Backend.schema(of: self.folder.url).name); \(sql)")
        }
    }

    /// The ids of all that is stored, newest first.
    func allIDs() throws -> [EventID] { try self.reader.ids(answering: .everything()) }
}

extension SaveOutcome {
    /// Where an event stands that was stored now.
    var commit: CommitPosition? {
        guard case .stored(let position) = self else { return nil }
        return position
    }

    /// The row of an event that was stored now.
    var position: Int64? { self.commit?.row }

    var isStored: Bool { self.position != nil }
}
