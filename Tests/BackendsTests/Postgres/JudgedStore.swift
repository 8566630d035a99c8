import Nostr
import Testing

@testable import Backends

/// Batches saved twice: by the SQLite backend, and by the judge over a database in memory. They must agree.
final class JudgedStore {
    private let file: SQLiteFile
    private(set) var memory = MemoryDatabase()

    init() throws { self.file = try SQLiteFile() }

    /// Saves a batch both ways, and compares verdicts, positions and what was removed, in its order.
    @discardableResult
    func save(
        _ batch: [Event],
        _ comment: Comment = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> MemoryDatabase.Saved {
        let result = try self.file.writer.save(batch)
        let saved = try self.memory.save(batch)
        let outcomes = result.outcomes.compactMap(\.verdict)
        try #require(saved.verdicts == outcomes, comment, sourceLocation: sourceLocation)
        let removed = result.removed.map { "\($0.id) \($0.row) \($0.cause)" }
        let judged = saved.removed.map { "\($0.id) \($0.position) \($0.cause)" }
        try #require(judged == removed, comment, sourceLocation: sourceLocation)
        return saved
    }

    @discardableResult
    func save(_ batch: Event..., sourceLocation: SourceLocation = #_sourceLocation) throws -> MemoryDatabase.Saved {
        try self.save(batch, sourceLocation: sourceLocation)
    }

    /// Compares every table of the two.
    func compare(_ comment: Comment = "", sourceLocation: SourceLocation = #_sourceLocation) throws {
        let database = self.file.reader.database
        let events = try database.set("SELECT position || ' ' || substr(CAST(json AS TEXT), 8, 64) FROM event")
        let rows = Set(self.memory.rows.values.map { "\($0.position) \($0.id)" })
        try #require(rows == events, comment, sourceLocation: sourceLocation)

        let key = "lower(hex(pubkey)) || ' ' || kind || ' ' || lower(hex(identifier))"
        let addresses = try database.set("SELECT \(key) || ' ' || position FROM address JOIN author ON number = author")
        let versions = self.memory.versions.filter { $0.key.kind.retention == .addressable }
        try #require(
            Set(versions.map { "\($0.key.text) \($0.value)" }) == addresses,
            comment,
            sourceLocation: sourceLocation
        )

        let deletedEvents = try database.set(
            "SELECT lower(hex(id)) || ' ' || lower(hex(pubkey)) FROM deleted_event JOIN author ON number = author"
        )
        let judgedEvents = Set(self.memory.deletedEvents.map { "\($0.id) \($0.pubkey)" })
        try #require(judgedEvents == deletedEvents, comment, sourceLocation: sourceLocation)

        let deletedAddresses = try database.set(
            "SELECT \(key) || ' ' || until FROM deleted_address JOIN author ON number = author"
        )
        let judgedAddresses = Set(self.memory.deletedAddresses.map { "\($0.key.text) \($0.value)" })
        try #require(judgedAddresses == deletedAddresses, comment, sourceLocation: sourceLocation)
        #expect(
            try self.file.reader.snapshot() == Snapshot(through: self.memory.lastPosition),
            comment,
            sourceLocation: sourceLocation
        )
    }
}

extension AddressKey {
    fileprivate var text: String { "\(self.pubkey) \(self.kind) \(self.digest.hex)" }
}

extension SaveOutcome {
    fileprivate var verdict: SaveVerdict? {
        switch self {
        case .stored(let position): .stored(position: position.row)
        case .duplicate: .duplicate
        case .superseded: .superseded
        case .deleted: .deleted
        case .vanished: .vanished
        case .failed: nil
        }
    }
}

extension Database {
    /// The first column of all rows, as text.
    fileprivate func set(_ sql: String) throws -> Set<String> {
        let statement = try self.prepare(sql)
        var values: Set<String> = []
        while try statement.step() { values.insert(String(decoding: statement.bytes(0), as: UTF8.self)) }
        return values
    }
}
