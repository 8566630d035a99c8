import Nostr

/// Everything that an SQLite file holds, read in one transaction, which lets others write and keeps what they replace.
final class SQLiteSnapshot: StoreSnapshot {
    private enum Part: CaseIterable { case records, events, deletedEvents, deletedAddresses, vanished }

    let contents: StoreContents
    private(set) var unreadable = 0
    private let database: Database
    /// What has vanished is not handed over, though it may not be removed yet.
    private let vanishing: Vanishing
    /// Parts that are not begun, and the statement of the one that is.
    private var parts = Part.allCases[...]
    private var current: Statement?
    private static let maximumBytes = 1 << 20

    init(_ database: Database) throws(StorageError) {
        self.database = database
        try database.execute("BEGIN")
        try Schema.check(database)
        self.vanishing = try RuleStatements(database).vanishing()
        self.contents = try database.contents(withVanished: false)
    }

    func next(atMost count: Int) throws(StorageError) -> [StoredItem] {
        var items: [StoredItem] = []
        var bytes = 0
        while items.count < count, bytes < Self.maximumBytes, let part = self.parts.first {
            let statement: Statement
            if let current { statement = current } else { statement = try self.database.prepare(Self.sql(part)) }
            self.current = statement
            guard try statement.step() else {
                self.current = nil
                self.parts.removeFirst()
                continue
            }
            guard let item = Self.item(part, statement) else {
                self.unreadable += 1
                continue
            }
            if case .event(let event) = item, self.vanishing.hides(event) { continue }
            items.append(item)
            bytes += item.size
        }
        return items
    }

    func close() {
        self.current = nil
        self.parts = []
        try? self.database.execute("ROLLBACK")
    }

    private static func sql(_ part: Part) -> String {
        switch part {
        case .records: "SELECT section, key, value, revision FROM record ORDER BY revision"
        case .events: "SELECT json FROM event ORDER BY position"
        case .deletedEvents: "SELECT id, pubkey FROM deleted_event CROSS JOIN author ON number = author"
        case .deletedAddresses:
            "SELECT kind, pubkey, identifier, until FROM deleted_address CROSS JOIN author ON number = author"
        case .vanished: "SELECT pubkey, until FROM vanished CROSS JOIN author ON number = author"
        }
    }

    /// Nil for a row that cannot be read.
    private static func item(_ part: Part, _ row: Statement) -> StoredItem? {
        switch part {
        case .records:
            return Record(
                section: row.bytes(0),
                key: row.bytes(1),
                value: row.optionalBytes(2),
                revision: row.integer(3)
            ).map { .record($0) }
        case .events: return Event(canonical: row.bytes(0)).map { .event($0) }
        case .deletedEvents:
            guard let id = Bytes32(row.bytes(0)), let pubkey = Bytes32(row.bytes(1)) else { return nil }
            return .deletedEvent(EventID(id), by: PublicKey(pubkey))
        case .deletedAddresses:
            guard let kind = UInt16(exactly: row.integer(0)), let pubkey = Bytes32(row.bytes(1)),
                let digest = Bytes32(row.bytes(2))
            else { return nil }
            return .deletedAddress(Kind(kind), by: PublicKey(pubkey), digest: digest, until: row.integer(3))
        case .vanished: return Bytes32(row.bytes(0)).map { .vanished(PublicKey($0), until: row.integer(1)) }
        }
    }
}

extension SQLiteStore: StoreTransfer {
    func openSnapshot() throws(StorageError) -> any StoreSnapshot {
        try SQLiteSnapshot(Database(path: self.path, mode: .read, vfs: self.vfs))
    }

    func openIntake() throws(StorageError) -> any StoreIntake { try self.openSQLiteWriter() }

    func owns(_ path: String) throws(StorageError) -> Bool { try DatabaseFiles(self.path).contain(path) }
}

extension Database {
    /// How many rows the tables have that are handed over.
    ///
    /// - Parameter withVanished: whether events count that have vanished and are not removed yet.
    func contents(withVanished: Bool = true) throws(StorageError) -> StoreContents {
        // A file of an older version may be looked at too.
        func knows(_ table: String) throws(StorageError) -> Bool {
            try self.number("SELECT count(*) FROM sqlite_master WHERE name = '\(table)'") > 0
        }
        let knowsVanished = try knows("vanished")
        let hidden = withVanished || !knowsVanished ? 0 : try self.number("SELECT count(*) FROM (\(Vanishing.rows))")
        return StoreContents(
            events: Int(try self.number("SELECT count(*) FROM event") - hidden),
            deletedEvents: Int(try self.number("SELECT count(*) FROM deleted_event")),
            deletedAddresses: Int(try self.number("SELECT count(*) FROM deleted_address")),
            vanished: knowsVanished ? Int(try self.number("SELECT count(*) FROM vanished")) : 0,
            records: try knows("record") ? Int(try self.number("SELECT count(*) FROM record")) : 0
        )
    }
}
