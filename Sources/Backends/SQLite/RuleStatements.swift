import Nostr

/// The statements by which a session that writes judges an event, and one that reads foretells the judgement.
struct RuleStatements {
    private let selectVersion, selectReplaceable, selectAddress, selectDeletedEvent,
        selectDeletedAddress, selectAuthor, selectVanished, selectVanishing: Statement

    init(_ database: Database) throws(StorageError) {
        self.selectVersion = try database.prepare("SELECT created_at, json FROM event WHERE position = ?1")
        self.selectReplaceable = try database.prepare(
            "SELECT position FROM event INDEXED BY event_by_author WHERE author = ?1 AND kind = ?2 LIMIT 1"
        )
        self.selectVanished = try database.prepare("SELECT until FROM vanished WHERE author = ?1")
        self.selectVanishing = try database.prepare("SELECT pubkey, until FROM vanishing")
        self.selectAuthor = try database.prepare("SELECT number FROM author WHERE pubkey = ?1")
        self.selectAddress = try database.prepare(
            "SELECT position FROM address WHERE author = ?1 AND kind = ?2 AND identifier = ?3"
        )
        self.selectDeletedEvent = try database.prepare(
            "SELECT 1 FROM deleted_event WHERE id = ?1 AND author = ?2"
        )
        self.selectDeletedAddress = try database.prepare(
            "SELECT until FROM deleted_address WHERE author = ?1 AND kind = ?2 AND identifier = ?3"
        )
    }

    /// The event at a position, or nil where there is none or it is damaged.
    func event(at position: Int64) throws(StorageError) -> Event? {
        self.selectVersion.bind(1, position)
        return try self.selectVersion.first { Event(canonical: $0.bytes(1)) } ?? nil
    }

    /// What decides whether the event at a position is replaced; nil where there is none or it has no id.
    func version(at position: Int64) throws(StorageError) -> (createdAt: Int64, id: EventID)? {
        self.selectVersion.bind(1, position)
        return try self.selectVersion.first { row in
            row.withBytes(1) { Event.id(ofCanonical: $0) }.map { (row.integer(0), $0) }
        } ?? nil
    }

    /// Whether the author has vanished, or one to whom a gift wrap is addressed (NIP-62). Requests to vanish stay.
    ///
    /// - Parameter author: its number; nil where nothing is known of it.
    func hasVanished(_ event: Event, author: Int64?) throws(StorageError) -> Bool {
        guard event.kind != .vanish else { return false }
        if let author, let until = try self.vanishedUntil(author), event.createdAt <= until { return true }
        for recipient in event.recipients {
            guard let number = try self.number(of: recipient), let until = try self.vanishedUntil(number) else {
                continue
            }
            if event.createdAt <= until { return true }
        }
        return false
    }

    /// The second up to which an author has vanished; nil where it has not.
    func vanishedUntil(_ author: Int64) throws(StorageError) -> Int64? {
        self.selectVanished.bind(1, author)
        return try self.selectVanished.first { $0.integer(0) }
    }

    /// Keys whose events have not all been removed yet.
    func vanishing() throws(StorageError) -> Vanishing {
        var vanishing = Vanishing()
        defer { self.selectVanishing.reset() }
        while try self.selectVanishing.step() {
            guard let key = Bytes32(self.selectVanishing.bytes(0)) else { continue }
            vanishing.add(PublicKey(key), until: self.selectVanishing.integer(1))
        }
        return vanishing
    }

    /// Whether the author, or one to whom a gift wrap is addressed, has deleted the event, by id or by address.
    func isDeleted(_ event: Event, author: Int64) throws(StorageError) -> Bool {
        // A deletion of a deletion does nothing, before its target as after it.
        guard !event.kind.standsDeletion else { return false }
        if try self.isDeleted(event.id, by: author) { return true }
        for recipient in event.recipients {
            if let number = try self.number(of: recipient), try self.isDeleted(event.id, by: number) { return true }
        }
        guard let address = event.address else { return false }
        let identifier = address.digest
        self.selectDeletedAddress.bind(1, author)
        self.selectDeletedAddress.bind(2, Int64(address.kind.rawValue))
        self.selectDeletedAddress.bind(3, identifier.span)
        guard let until = try self.selectDeletedAddress.first({ $0.integer(0) }) else { return false }
        return event.createdAt <= until
    }

    private func isDeleted(_ id: EventID, by author: Int64) throws(StorageError) -> Bool {
        let key = id.bytes.array
        self.selectDeletedEvent.bind(1, key.span)
        self.selectDeletedEvent.bind(2, author)
        return try self.selectDeletedEvent.first { _ in true } != nil
    }

    /// The number that stands for a key; nil where nothing is known of it.
    func number(of key: PublicKey) throws(StorageError) -> Int64? {
        let bytes = key.bytes.array
        self.selectAuthor.bind(1, bytes.span)
        return try self.selectAuthor.first { $0.integer(0) }
    }

    /// The position of the version that is stored of an address.
    func position(of address: Address, author: Int64) throws(StorageError) -> Int64? {
        address.kind.retention == .replaceable
            ? try self.position(ofReplaceable: address.kind, author: author)
            : try self.position(ofAddressable: address.kind, digest: address.digest, author: author)
    }

    /// The position of the version that is stored of a replaceable kind.
    func position(ofReplaceable kind: Kind, author: Int64) throws(StorageError) -> Int64? {
        self.selectReplaceable.bind(1, author)
        self.selectReplaceable.bind(2, Int64(kind.rawValue))
        return try self.selectReplaceable.first { $0.integer(0) }
    }

    /// The position of the version that is stored of an addressable event's address, by its identifier's digest.
    func position(ofAddressable kind: Kind, digest identifier: [UInt8], author: Int64) throws(StorageError) -> Int64? {
        self.selectAddress.bind(1, author)
        self.selectAddress.bind(2, Int64(kind.rawValue))
        self.selectAddress.bind(3, identifier.span)
        return try self.selectAddress.first { $0.integer(0) }
    }
}

extension Address {
    /// The identifier as the database keeps it: any length in 32 bytes.
    var digest: [UInt8] { SHA256.digest(self.identifier).array }
}
