import Nostr

extension PostgresReader {
    func standings(of events: [Event]) throws(StorageError) -> [Standing?] {
        guard !events.isEmpty else { return [] }
        return try self.read { () throws(StorageError) in
            let page = self.beginPage(at: nil)
            let signatures = try self.signatures(of: events)
            var standings = events.map { event in
                page.vanishing.hides(event) ? nil : signatures[event.id].map { Standing.stored($0) }
            }
            let versions = events.indices.filter { standings[$0] == nil && events[$0].address != nil }
            let superseded = try self.areSuperseded(versions.map { events[$0] })
            for (index, isSuperseded) in zip(versions, superseded) where isSuperseded {
                standings[index] = .superseded
            }
            return standings
        }
    }

    private func signatures(of events: [Event]) throws(StorageError) -> [EventID: Signature] {
        var parameters = PostgresParameters()
        parameters.addKeys(events.map(\.id.bytes))
        let rows = try self.query(PostgresReadStatements.rowsByID, parameters)
        var signatures: [EventID: Signature] = [:]
        for index in 0..<rows.count {
            rows.withBytes(index, 6) { json in
                guard let id = Event.id(ofCanonical: json) else { return }
                signatures[id] = Event.signature(ofCanonical: json)
            }
        }
        return signatures
    }

    /// Whether newer versions are stored of these replaceable or addressable events, and no deletion names them.
    private func areSuperseded(_ events: [Event]) throws(StorageError) -> [Bool] {
        guard !events.isEmpty else { return [] }
        let authors = events.map(\.pubkey)
        var numbers: [Int32] = []
        for (index, author) in authors.enumerated() {
            let number = try self.number(of: author, among: authors[index...])
            numbers.append(number.map { Int32(truncatingIfNeeded: $0) } ?? 0)
        }
        let keys = events.compactMap { $0.address.map { AddressKey($0) } }
        var parameters = PostgresParameters()
        parameters.addKeys(events.map(\.id.bytes))
        parameters.add(int4s: numbers)
        parameters.add(int4s: keys.map { Int32($0.kind.rawValue) })
        parameters.addArray(of: .bytea) { array in
            for key in keys { key.withStoredIdentifier { array.append($0) } }
        }
        parameters.add(int8s: events.map(\.createdAt))
        let rows = try self.query(PostgresReadStatements.superseding, parameters)
        var isSuperseded = [Bool](repeating: false, count: events.count)
        for index in 0..<rows.count {
            let event = Int(rows.integer(index, 0)) - 1
            guard events.indices.contains(event), let id = rows.withBytes(index, 2, { Bytes32($0) }) else { continue }
            isSuperseded[event] = !events[event].replaces(createdAt: rows.integer(index, 1), id: EventID(id))
        }
        return isSuperseded
    }
}
