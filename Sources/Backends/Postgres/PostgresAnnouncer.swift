import Nostr

/// The session that hands ephemeral events to the other nodes, through a table that is not logged.
final class PostgresAnnouncer: StoreAnnouncer {
    private let link: PostgresLink
    /// When events that everybody has had the time to read are removed.
    private var nextSweep = ContinuousClock.now
    private static let sweepInterval = Duration.seconds(60)

    init(_ link: PostgresLink) { self.link = link }

    func close() { self.link.close() }

    func announce(_ ephemeral: [Event]) throws(StorageError) {
        guard !ephemeral.isEmpty else { return }
        let node = self.link.node
        var parameters = PostgresParameters()
        parameters.add(text: node.id)
        parameters.addArray(of: .bytea) { array in
            for event in ephemeral { array.append(event.json.span) }
        }
        parameters.add(text: node.schema.name)
        parameters.add(text: PostgresNotice(node: node.id, removed: []).payload)
        let now = ContinuousClock.now
        try self.link.perform { (connection, _) throws(StorageError) in
            _ = try connection.query(PostgresWriteStatements.announce, parameters)
            guard now >= self.nextSweep else { return }
            self.nextSweep = now + Self.sweepInterval
            // Where another node sweeps at this moment, that is as good.
            _ = try? connection.query(PostgresWriteStatements.forgetEphemeral)
        }
    }
}
