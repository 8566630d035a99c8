import Nostr

/// Everything that a PostgreSQL schema holds, read in one transaction on a connection of its own.
final class PostgresSnapshot: StoreSnapshot {
    private enum Part: CaseIterable { case records, events, deletedEvents, deletedAddresses, vanished }

    let contents: StoreContents
    private(set) var unreadable = 0
    let connection: PostgresConnection
    /// What has vanished is not handed over, though it may not be removed yet.
    private let vanishing: Vanishing
    /// Parts that are not read to their end; the first one is being read.
    private var parts = Part.allCases[...]
    private var rows: PostgresRows?
    private var row = 0
    private static let maximumBytes = 1 << 20
    /// Rows that are fetched at once.
    private static let mostRows: Int32 = 500
    private static let patience = Duration.seconds(3_600)

    /// - Parameters:
    ///   - connection: to a server that can be written to; it is this object's own from now on.
    ///   - withVanished: whether events are told too that have vanished and are not removed yet: everything that the
    ///     tables have.
    init(
        _ connection: PostgresConnection,
        _ schema: PostgresSchema,
        withVanished: Bool = false
    ) throws(StorageError) {
        self.connection = connection
        try connection.execute(Self.settings)
        try PostgresUse.share(schema, on: connection)
        try schema.migrate(connection, mayChange: false)
        try connection.execute(
            "SET search_path = \(schema.name); BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        )
        self.vanishing = withVanished ? Vanishing() : try connection.vanishing()
        self.contents = try connection.contents(withVanished: withVanished)
    }

    /// It takes as long as it takes, and may wait for whoever takes the rows.
    static let settings = """
        SET statement_timeout = 0;
        SET lock_timeout = '30s';
        SET idle_in_transaction_session_timeout = 0;
        SET row_security = off;
        SET jit = off
        """

    /// The name by which other sessions can see the same state, while this one stands.
    func export() throws(StorageError) -> String {
        guard let name = try self.connection.value("SELECT pg_export_snapshot()") else {
            throw .failed("the server gives its snapshot no name")
        }
        return name
    }

    func next(atMost count: Int) throws(StorageError) -> [StoredItem] {
        var items: [StoredItem] = []
        var bytes = 0
        while items.count < count, bytes < Self.maximumBytes, let part = self.parts.first {
            guard let rows, self.row < rows.count else {
                if let rows, rows.count < Self.mostRows {
                    self.rows = nil
                    self.parts.removeFirst()
                } else {
                    self.rows = try self.fetch(part, after: self.rows)
                }
                self.row = 0
                continue
            }
            let item = Self.item(part, rows, self.row)
            self.row += 1
            guard let item else {
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
        self.parts = []
        self.rows = nil
        self.connection.close()
    }

    /// The next rows of a part, behind the last of those before.
    private func fetch(_ part: Part, after rows: PostgresRows?) throws(StorageError) -> PostgresRows {
        var parameters = PostgresParameters()
        let last = rows.map { $0.count - 1 }
        switch part {
        case .records: parameters.add(int8: last.flatMap { rows?.integer($0, 3) } ?? .min)
        case .events: parameters.add(int8: last.flatMap { rows?.integer($0, 0) } ?? .min)
        case .deletedEvents:
            parameters.add(bytes: last.flatMap { rows?.bytes($0, 0) } ?? [])
            parameters.add(int4: Int32(truncatingIfNeeded: last.flatMap { rows?.integer($0, 2) } ?? 0))
        case .deletedAddresses:
            parameters.add(int4: Int32(truncatingIfNeeded: last.flatMap { rows?.integer($0, 4) } ?? 0))
            parameters.add(int4: Int32(truncatingIfNeeded: last.flatMap { rows?.integer($0, 0) } ?? 0))
            parameters.add(bytes: last.flatMap { rows?.bytes($0, 2) } ?? [])
        case .vanished: parameters.add(int4: Int32(truncatingIfNeeded: last.flatMap { rows?.integer($0, 2) } ?? 0))
        }
        parameters.add(int4: Self.mostRows)
        return try self.connection.query(Self.statement(part), parameters, timeout: Self.patience)
    }

    private static let events = PostgresStatement(
        "SELECT position, json FROM event WHERE position > $1::int8 ORDER BY position LIMIT $2::int4"
    )
    private static let deletedEvents = PostgresStatement(
        """
        SELECT d.id, a.pubkey, d.author FROM (
            SELECT id, author FROM deleted_event WHERE (id, author) > ($1::bytea, $2::int4)
            ORDER BY id, author LIMIT $3::int4
        ) AS d LEFT JOIN author a ON a.number = d.author ORDER BY d.id, d.author
        """
    )
    private static let deletedAddresses = PostgresStatement(
        """
        SELECT d.kind, a.pubkey, d.identifier, d.until, d.author FROM (
            SELECT * FROM deleted_address WHERE (author, kind, identifier) > ($1::int4, $2::int4, $3::bytea)
            ORDER BY author, kind, identifier LIMIT $4::int4
        ) AS d LEFT JOIN author a ON a.number = d.author ORDER BY d.author, d.kind, d.identifier
        """
    )

    private static let vanished = PostgresStatement(
        """
        SELECT a.pubkey, v.until, v.author FROM (
            SELECT * FROM vanished WHERE author > $1::int4 ORDER BY author LIMIT $2::int4
        ) AS v LEFT JOIN author a ON a.number = v.author ORDER BY v.author
        """
    )

    private static func statement(_ part: Part) -> PostgresStatement {
        switch part {
        case .records: PostgresRecordStatements.all
        case .events: Self.events
        case .deletedEvents: Self.deletedEvents
        case .deletedAddresses: Self.deletedAddresses
        case .vanished: Self.vanished
        }
    }

    /// Nil for a row that cannot be read.
    private static func item(_ part: Part, _ rows: PostgresRows, _ row: Int) -> StoredItem? {
        switch part {
        case .records:
            return Record(
                section: rows.bytes(row, 0),
                key: rows.bytes(row, 1),
                value: rows.isNull(row, 2) ? nil : rows.bytes(row, 2),
                revision: rows.integer(row, 3)
            ).map { .record($0) }
        case .events: return Event(canonical: rows.bytes(row, 1)).map { .event($0) }
        case .deletedEvents:
            guard let id = Bytes32(rows.bytes(row, 0)), let pubkey = Bytes32(rows.bytes(row, 1)) else { return nil }
            return .deletedEvent(EventID(id), by: PublicKey(pubkey))
        case .deletedAddresses:
            guard let kind = UInt16(exactly: rows.integer(row, 0)), let pubkey = Bytes32(rows.bytes(row, 1)) else {
                return nil
            }
            return .deletedAddress(
                kind: kind,
                by: pubkey,
                identifier: rows.bytes(row, 2),
                until: rows.integer(row, 3)
            )
        case .vanished: return Bytes32(rows.bytes(row, 0)).map { .vanished(PublicKey($0), until: rows.integer(row, 1)) }
        }
    }
}

extension StoredItem {
    /// The tombstone of an address as the tables have it: the identifier is a digest, or empty for a replaceable kind.
    static func deletedAddress(kind: UInt16, by pubkey: Bytes32, identifier: [UInt8], until: Int64) -> StoredItem? {
        let digest = Kind(kind).retention == .addressable ? Bytes32(identifier) : SHA256.digest([UInt8]())
        return digest.map { .deletedAddress(Kind(kind), by: PublicKey(pubkey), digest: $0, until: until) }
    }
}

extension PostgresConnection {
    /// How many rows the tables of the search path have that are handed over.
    ///
    /// - Parameter withVanished: whether events count that have vanished and are not removed yet.
    func contents(withVanished: Bool = true) throws(StorageError) -> StoreContents {
        func count(_ table: String) throws(StorageError) -> Int {
            try self.value("SELECT count(*) FROM \(table)", timeout: .seconds(3_600)).flatMap { Int($0) } ?? 0
        }
        let hidden = withVanished ? 0 : try count("(\(Vanishing.rows)) AS hidden")
        return StoreContents(
            events: try count("event") - hidden,
            deletedEvents: try count("deleted_event"),
            deletedAddresses: try count("deleted_address"),
            vanished: try count("vanished"),
            records: try count("record")
        )
    }
}
