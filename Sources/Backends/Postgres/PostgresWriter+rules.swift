import Nostr

/// What a batch asks of the database, and does to it.
extension PostgresWriter {
    /// Positions of one block; a batch takes them from a block of its own.
    /// As a power of two.
    static let blockBits = 14
    private static let blockPositions: Int64 = 1 << blockBits

    /// Asks all that the rules need to know of a batch, and for positions.
    func ask(
        _ questions: SaveQuestions,
        _ candidates: [SaveCandidate],
        burials: [Burial] = [],
        in transaction: Transaction
    ) throws(StorageError) -> (StoredState, firstPosition: Int64) {
        guard candidates.count < Self.blockPositions else {
            throw .failed("\(candidates.count) events are too many for one transaction")
        }
        var keys: [Int64: PublicKey] = [:]
        func note(_ pubkey: PublicKey) {
            if let number = self.authors[pubkey] { keys[number] = pubkey }
        }
        for candidate in candidates {
            note(candidate.event.pubkey)
            for recipient in candidate.recipients { note(recipient) }
        }
        for burial in burials { note(burial.pubkey) }
        let rows = try transaction.query(
            PostgresWriteStatements.questions,
            self.parameters(questions)
        )
        let batch = Dictionary(
            candidates.map { ($0.event.id, $0.event.pubkey) },
            uniquingKeysWith: { first, _ in first }
        )
        var state = StoredState()
        var firstPosition: Int64 = 0
        for index in 0..<rows.count {
            let number = rows.integer(index, 1)
            let author = keys[rows.integer(index, 3)]
            let kind = Kind(UInt16(truncatingIfNeeded: rows.integer(index, 4)))
            switch rows.integer(index, 0) {
            case 0: firstPosition = number * Self.blockPositions
            case 1:
                // The author of what was found by its id is the one whom the batch names.
                let wrap = kind == .giftWrap ? Event(canonical: rows.bytes(index, 6)) : nil
                guard let id = Self.id(rows, index), let author = batch[id] ?? wrap?.pubkey ?? author else { continue }
                let digest = rows.withBytes(index, 6) { Bytes32($0) }
                state.insert(
                    KnownEvent(
                        position: number,
                        id: id,
                        pubkey: author,
                        kind: kind,
                        createdAt: rows.integer(index, 5),
                        address: Self.address(of: author, kind, digest),
                        recipients: wrap?.recipients ?? []
                    )
                )
            case 2:
                guard let id = Self.id(rows, index), let author else { continue }
                state.insert(deleted: AuthoredID(id: id, pubkey: author))
            case 4:
                guard let author else { continue }
                state.insert(vanished: author, until: number)
            default:
                let digest = rows.withBytes(index, 6) { Bytes32($0) }
                guard let author, let address = Self.address(of: author, kind, digest) else { continue }
                state.insert(deleted: address, until: number)
            }
        }
        guard firstPosition > 0 else { throw .failed("the server gives no positions") }
        return (state, firstPosition)
    }

    private func parameters(_ questions: SaveQuestions) -> PostgresParameters {
        var parameters = PostgresParameters()
        parameters.addKeys(questions.ids.map(\.bytes))
        parameters.addKeys(questions.targets.map(\.id.bytes))
        parameters.add(int4s: questions.targets.map { self.number32($0.pubkey) })
        self.add(questions.addresses, to: &parameters)
        parameters.addKeys(questions.deletedEvents.map(\.id.bytes))
        parameters.add(int4s: questions.deletedEvents.map { self.number32($0.pubkey) })
        self.add(questions.deletedAddresses, to: &parameters)
        parameters.add(int4s: questions.vanished.map { self.number32($0) })
        return parameters
    }

    private func add(_ addresses: [AddressKey], to parameters: inout PostgresParameters) {
        parameters.add(int4s: addresses.map { self.number32($0.pubkey) })
        parameters.add(int4s: addresses.map { Int32($0.kind.rawValue) })
        parameters.addArray(of: .bytea) { array in
            for address in addresses { address.withStoredIdentifier { array.append($0) } }
        }
    }

    private static func id(_ rows: PostgresRows, _ index: Int) -> EventID? {
        rows.withBytes(index, 2) { Bytes32($0) }.map { EventID($0) }
    }

    private static func address(of author: PublicKey, _ kind: Kind, _ digest: Bytes32?) -> AddressKey? {
        switch kind.retention {
        case .replaceable: AddressKey(pubkey: author, kind: kind, digest: SHA256.digest([UInt8]()))
        case .addressable: digest.map { AddressKey(pubkey: author, kind: kind, digest: $0) }
        default: nil
        }
    }

    /// The number of an author of the batch.
    func number32(_ author: PublicKey) -> Int32 { Int32(truncatingIfNeeded: self.authors[author] ?? 0) }

    /// Removes rows with their tags.
    @discardableResult
    func delete(
        _ positions: [Int64],
        cause: RemovedEvent.Cause = .deleted,
        in transaction: Transaction
    ) throws(StorageError) -> [RemovedEvent] {
        guard !positions.isEmpty else { return [] }
        var parameters = PostgresParameters()
        parameters.add(int8s: positions)
        let rows = try transaction.query(PostgresWriteStatements.deleteEvents, parameters)
        return try self.removed(rows, cause: cause, in: transaction)
    }

    /// Removes the tags of rows that are gone.
    func removed(
        _ rows: PostgresRows,
        cause: RemovedEvent.Cause,
        in transaction: Transaction
    ) throws(StorageError) -> [RemovedEvent] {
        var removed: [RemovedEvent] = []
        var tags: [TagRow] = []
        for index in 0..<rows.count {
            guard let id = rows.withBytes(index, 1, { Bytes32($0) }) else { continue }
            removed.append(RemovedEvent(id: EventID(id), row: rows.integer(index, 0), cause: cause))
            guard let event = Event(canonical: rows.bytes(index, 4)) else { continue }
            tags += self.tags(of: event, at: rows.integer(index, 0), transaction.facts.hash)
        }
        guard !tags.isEmpty else { return removed }
        var parameters = PostgresParameters()
        tags.sort()
        parameters.add(int8s: tags.map(\.hash))
        parameters.add(int8s: tags.map(\.createdAt))
        parameters.add(int4s: tags.map { Int32(truncatingIfNeeded: $0.tie) })
        parameters.add(int8s: tags.map(\.position))
        _ = try transaction.query(PostgresWriteStatements.deleteTags, parameters)
        return removed
    }

    private func tags(of event: Event, at position: Int64, _ hash: SipHash) -> [TagRow] {
        let (tie, kind) = (event.id.tie, Int64(event.kind.rawValue))
        return hash.tagHashes(of: event).map { hash in
            TagRow(hash: hash, createdAt: event.createdAt, tie: tie, position: position, kind: kind)
        }
    }

    /// Adds what a batch comes to; returns the positions of the events that were stored, and the server's number of the
    /// transaction, where there are any.
    func insert(
        _ effects: SaveEffects,
        _ candidates: [SaveCandidate],
        in transaction: Transaction
    ) throws(StorageError) -> (positions: Set<Int64>, xid: Int64?) {
        let counts = [effects.insertedRows.count, effects.deletedEvents.count, effects.deletedAddresses.count]
        guard counts.contains(where: { $0 > 0 }) else { return ([], nil) }
        // In the order of ids: two nodes that store the same events do not wait for each other in a circle.
        let rows = effects.insertedRows.map { (candidates[$0.index], $0.position) }
            .sorted { $0.0.event.id < $1.0.event.id }
        var parameters = PostgresParameters()
        parameters.add(int8s: rows.map(\.1))
        parameters.addKeys(rows.map(\.0.event.id.bytes))
        parameters.add(int4s: rows.map { self.number32($0.0.event.pubkey) })
        parameters.add(int4s: rows.map { Int32($0.0.event.kind.rawValue) })
        parameters.add(int8s: rows.map(\.0.event.createdAt))
        parameters.add(int4s: rows.map { Int32(truncatingIfNeeded: $0.0.event.id.tie) })
        parameters.add(int8s: rows.map(\.0.event.expiresAt))
        parameters.addArray(of: .bytea) { array in
            for (candidate, _) in rows {
                guard let address = candidate.address else {
                    array.appendNull()
                    continue
                }
                address.withStoredIdentifier { array.append($0) }
            }
        }
        parameters.addArray(of: .bytea) { array in
            for (candidate, _) in rows { array.append(candidate.event.json.span) }
        }
        let hash = transaction.facts.hash
        let tags = rows.flatMap { self.tags(of: $0.0.event, at: $0.1, hash) }.sorted()
        parameters.add(int8s: tags.map(\.hash))
        parameters.add(int8s: tags.map(\.createdAt))
        parameters.add(int4s: tags.map { Int32(truncatingIfNeeded: $0.tie) })
        parameters.add(int8s: tags.map(\.position))
        parameters.add(int4s: tags.map { Int32(truncatingIfNeeded: $0.kind) })
        parameters.addKeys(effects.deletedEvents.map(\.id.bytes))
        parameters.add(int4s: effects.deletedEvents.map { self.number32($0.pubkey) })
        self.add(effects.deletedAddresses.map(\.address), to: &parameters)
        parameters.add(int8s: effects.deletedAddresses.map(\.until))
        let stored = try transaction.query(PostgresWriteStatements.insert, parameters)
        let positions = Set((0..<stored.count).map { stored.integer($0, 0) })
        return (positions, positions.isEmpty ? nil : stored.integer(0, 1))
    }
}
