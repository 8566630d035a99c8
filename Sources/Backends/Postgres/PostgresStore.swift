import Nostr

/// The shared backend: a PostgreSQL database that several nodes may read and write at once.
struct PostgresStore: EventStore {
    let url: PostgresURL
    let node: PostgresNode
    /// Whether sessions are opened although the server does not answer yet: it is tried again in the background.
    private let isPatient: Bool
    private let isBulk: Bool

    /// How long a session waits for its first connection.
    private static let patience = Duration.seconds(10)

    init(
        _ url: String,
        isPatient: Bool = false,
        isBulk: Bool = false,
        schema: PostgresSchema = PostgresSchema()
    ) throws(StorageError) {
        self.url = try PostgresURL(url)
        self.node = PostgresNode(schema: schema)
        self.isPatient = isPatient
        self.isBulk = isBulk
    }

    /// Another schema of the same database.
    init(_ url: PostgresURL, schema: PostgresSchema) {
        self.url = url
        self.node = PostgresNode(schema: schema)
        self.isPatient = false
        self.isBulk = false
    }

    func openWriter() throws(StorageError) -> any StoreWriter { PostgresWriter(try self.link(.writer)) }

    func openReader() throws(StorageError) -> any StoreReader { PostgresReader(try self.link(.reader)) }

    var version: Int64? { self.node.version }

    /// The database is at the end of a wire.
    func openQuickReader() -> (any StoreReader)? { nil }

    func openFollower() throws(StorageError) -> (any StoreFollower)? {
        let follower = PostgresFollower(try self.link(.follower), wakeUp: try WakeUp())
        // It begins here where it can: nothing may be read before it has.
        _ = try? follower.nextChanges(waiting: .zero)
        return follower
    }

    func openIndexer(kinds: KindRanges) throws(StorageError) -> any StoreIndexer {
        PostgresIndexer(try self.link(.indexer), kinds: kinds)
    }

    func openAnnouncer() throws(StorageError) -> (any StoreAnnouncer)? {
        PostgresAnnouncer(try self.link(.announcer))
    }

    func link(_ role: PostgresRole) throws(StorageError) -> PostgresLink {
        let link = try PostgresLink(
            self.url,
            node: self.node,
            role: role,
            // A relay's snapshots are compared with what other nodes commit, which a standby cannot tell.
            mayBeStandby: role == .reader && !self.isPatient,
            awaitsSchema: self.isPatient,
            isBulk: self.isBulk
        )
        do throws(StorageError) {
            try link.wait(upTo: self.isPatient ? .seconds(2) : Self.patience)
        } catch .unavailable where self.isPatient {
            return link
        }
        return link
    }
}
