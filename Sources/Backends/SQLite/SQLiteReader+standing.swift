import Nostr

extension SQLiteReader {
    func standings(of events: [Event]) throws(StorageError) -> [Standing?] {
        try self.database.transaction("BEGIN") { () throws(StorageError) in
            var standings: [Standing?] = []
            standings.reserveCapacity(events.count)
            for event in events { standings.append(try self.standing(of: event)) }
            return standings
        }
    }

    private func standing(of event: Event) throws(StorageError) -> Standing? {
        if try self.rules.hasVanished(event, author: self.number(of: event.pubkey)) { return nil }
        if let signature = try self.signature(of: event.id) { return .stored(signature) }
        guard let address = event.address, let author = try self.number(of: event.pubkey),
            try !self.rules.isDeleted(event, author: author),
            let position = try self.rules.position(of: address, author: author),
            // What cannot be read any more stands in nobody's way.
            let stored = try self.rules.version(at: position),
            !event.replaces(createdAt: stored.createdAt, id: stored.id)
        else { return nil }
        return .superseded
    }

    private func signature(of id: EventID) throws(StorageError) -> Signature? {
        self.selectID.bind(1, id.indexPrefix)
        defer { self.selectID.reset() }
        while try self.selectID.step() {
            // Few ids share eight bytes; whether one does shows in the event itself.
            let signature = self.selectID.withBytes(0) { json in
                Event.id(ofCanonical: json) == id ? Event.signature(ofCanonical: json) : nil
            }
            if let signature { return signature }
        }
        return nil
    }
}
