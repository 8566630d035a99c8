import Glibc

/// The database's schema: numbered steps, each made once, in a transaction, in order.
enum Schema {
    /// "MRTL", in the file's header: whose file this is.
    static let applicationID: Int64 = 0x4D52_544C

    /// The number that a database has when all steps are made.
    static var version: Int { Self.steps.count }

    /// - `event.position` is the commit position: it only grows, across processes, and no number is given twice.
    /// - `tie` is the inverted beginning of the id: descending ties are ascending ids.
    /// - `tag.hash` is keyed with `meta.hash_key`; a hit is checked against the event.
    /// - Tombstones name the deleter, so that no stranger can delete what has yet to arrive.
    static let steps = [
        """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
        INSERT INTO meta VALUES ('hash_key', randomblob(16)), ('last_position', 0);

        CREATE TABLE author (number INTEGER PRIMARY KEY, pubkey BLOB NOT NULL UNIQUE);

        CREATE TABLE event (
            position   INTEGER PRIMARY KEY,
            id_prefix  INTEGER NOT NULL,
            author     INTEGER NOT NULL,
            kind       INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            tie        INTEGER NOT NULL,
            expires_at INTEGER,
            json       BLOB NOT NULL
        );
        CREATE INDEX event_by_id ON event (id_prefix);
        CREATE INDEX event_by_time ON event (created_at, tie);
        CREATE INDEX event_by_kind ON event (kind, created_at, tie);
        CREATE INDEX event_by_author ON event (author, kind, created_at, tie);
        CREATE INDEX event_by_expiry ON event (expires_at) WHERE expires_at IS NOT NULL;

        CREATE TABLE tag (
            hash       INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            tie        INTEGER NOT NULL,
            position   INTEGER NOT NULL,
            kind       INTEGER NOT NULL,
            PRIMARY KEY (hash, created_at, tie, position)
        ) WITHOUT ROWID;

        CREATE TABLE address (
            author     INTEGER NOT NULL,
            kind       INTEGER NOT NULL,
            identifier BLOB NOT NULL,
            position   INTEGER NOT NULL,
            PRIMARY KEY (author, kind, identifier)
        ) WITHOUT ROWID;

        CREATE TABLE deleted_event (id BLOB NOT NULL, author INTEGER NOT NULL, PRIMARY KEY (id, author)) WITHOUT ROWID;
        CREATE TABLE deleted_address (
            author     INTEGER NOT NULL,
            kind       INTEGER NOT NULL,
            identifier BLOB NOT NULL,
            until      INTEGER NOT NULL,
            PRIMARY KEY (author, kind, identifier)
        ) WITHOUT ROWID;
        """,
        // Who wrote an event is told by the index, so that a feed of many authors need not look at strangers' events.
        """
        DROP INDEX event_by_time;
        DROP INDEX event_by_kind;
        CREATE INDEX event_by_time ON event (created_at, tie, author);
        CREATE INDEX event_by_kind ON event (kind, created_at, tie, author);
        """,
        // A record that was struck off has no value.
        """
        CREATE TABLE record (
            section  TEXT NOT NULL,
            key      TEXT NOT NULL,
            value    BLOB,
            revision INTEGER NOT NULL,
            PRIMARY KEY (section, key)
        ) WITHOUT ROWID;
        CREATE UNIQUE INDEX record_by_revision ON record (section, revision);
        INSERT INTO meta VALUES ('record_revision', 0);
        """,
        SearchSchema.step,
        // Who has vanished, and whose events have not all been removed yet: `recipient` is the hash of their `p` tag,
        // and the last three columns are how far the tag index has been gone along.
        """
        CREATE TABLE vanished (author INTEGER PRIMARY KEY, until INTEGER NOT NULL);
        CREATE TABLE vanishing (
            author     INTEGER PRIMARY KEY,
            pubkey     BLOB NOT NULL,
            until      INTEGER NOT NULL,
            recipient  INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            tie        INTEGER NOT NULL,
            position   INTEGER NOT NULL
        );
        """,
    ]

    /// Brings a database up to date. One that is not ours, or newer than this binary, is left as it is.
    static func migrate(_ database: Database) throws(StorageError) {
        // One look in one transaction: another process may be making the schema at this moment.
        let found = try database.transaction("BEGIN") { () throws(StorageError) in
            try Self.inspect(database)
        }
        try Self.keepJournal(database)
        guard found < Self.version else { return }
        try database.transaction("BEGIN IMMEDIATE") { () throws(StorageError) in
            // Another process may have made the steps meanwhile.
            let found = Int(try database.number("PRAGMA user_version"))
            for step in Self.steps.dropFirst(found) { try database.execute(step) }
            try database.execute("PRAGMA application_id = \(Self.applicationID)")
            try database.execute("PRAGMA user_version = \(Self.version)")
        }
    }

    /// The number of the database's schema; fails where it cannot be brought up to date.
    private static func inspect(_ database: Database) throws(StorageError) -> Int {
        let application = try database.number("PRAGMA application_id")
        let isEmpty = try database.number("SELECT count(*) FROM sqlite_master") == 0
        guard application == Self.applicationID || (isEmpty && application == 0) else {
            throw .notOurs(path: database.path)
        }
        let found = Int(try database.number("PRAGMA user_version"))
        guard found <= Self.version else {
            throw .newerSchema(path: database.path, found: found, known: Self.version)
        }
        guard found >= 0 else { throw .damaged(path: database.path, reason: "its schema has the number \(found)") }
        return found
    }

    /// Has the database write ahead, and wait for the disk at every commit.
    private static func keepJournal(_ database: Database) throws(StorageError) {
        for attempt in 1...20 {
            do throws(StorageError) {
                try database.execute("PRAGMA journal_mode = WAL")
                break
            } catch {
                // Two connections that switch a new file over refuse each other at once, however long they would wait.
                guard error == .busy, attempt < 20 else { throw error }
                usleep(20_000)
            }
        }
        let statement = try database.prepare("PRAGMA journal_mode")
        guard try statement.first({ $0.bytes(0) }) == Array("wal".utf8) else {
            throw .cannotOpen(path: database.path, reason: "its file system cannot keep a write-ahead log")
        }
        try database.execute("PRAGMA synchronous = FULL")
        // What a long reader made the log grow to is given back afterwards.
        try database.execute("PRAGMA journal_size_limit = \(64 << 20)")
    }

    /// The number of the schema of a database that is ours, and not newer than this binary; changes nothing.
    static func identify(_ database: Database) throws(StorageError) -> Int {
        let found = try Self.inspect(database)
        guard found > 0 else { throw .notOurs(path: database.path) }
        return found
    }

    /// Fails unless the database is up to date; changes nothing.
    static func check(_ database: Database) throws(StorageError) {
        guard try database.number("PRAGMA application_id") == Self.applicationID else {
            throw .notOurs(path: database.path)
        }
        let found = Int(try database.number("PRAGMA user_version"))
        guard found <= Self.version else {
            throw .newerSchema(path: database.path, found: found, known: Self.version)
        }
        guard found == Self.version else {
            throw .olderSchema(path: database.path, found: found, known: Self.version)
        }
    }
}
