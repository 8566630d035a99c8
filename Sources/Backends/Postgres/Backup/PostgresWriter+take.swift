import Nostr

extension PostgresWriter: StoreIntake {
    func contents() throws(StorageError) -> StoreContents {
        try self.link.perform { (connection, _) throws(StorageError) in try connection.contents() }
    }

    func take(_ items: [StoredItem]) throws(StorageError) -> IntakeSummary {
        guard !items.isEmpty else { return IntakeSummary() }
        let candidates = items.compactMap { item in
            if case .event(let event) = item { SaveCandidate(event, deletes: false) } else { nil }
        }
        let burials = items.compactMap { Burial($0) }
        let records = items.compactMap { item in if case .record(let record) = item { record } else { nil } }
        let locks = PostgresLocks(candidates, burials: burials)
        return try self.write { (transaction) throws(StorageError) in
            try transaction.begin(locks)
            try self.learn(candidates, burials: burials, in: transaction)
            let questions = SaveQuestions(candidates, burials: burials)
            let (state, firstPosition) = try self.ask(questions, candidates, burials: burials, in: transaction)
            var judge = BatchJudge(state, firstPosition: firstPosition)
            var summary = Self.judge(items, candidates, by: &judge)
            let effects = judge.effects
            try self.delete(effects.deletedRows.map(\.position), in: transaction)
            let (stored, xid) = try self.insert(effects, candidates, in: transaction)
            let purged = try self.vanish(effects.vanished, in: transaction)
            let removed = judge.removed.map { RemovedEvent(id: $0.id, row: $0.position, cause: $0.cause) } + purged
            // Another node may have stored some of them at this moment.
            let kept = effects.insertedRows.filter { stored.contains($0.position) }
            summary.stored -= effects.insertedRows.count - kept.count
            summary.duplicate += effects.insertedRows.count - kept.count
            summary.removed = removed.count
            for arrival in try Self.take(records, in: transaction) { summary.count(arrival) }
            let ids = kept.map { candidates[$0.index].event.id }
            return Prepared(ids: ids, removed: removed, vanished: effects.vanished, xid: xid) { _ in summary }
        }
    }

    /// Judges things in their order; the candidates are the events among them.
    private static func judge(
        _ items: [StoredItem],
        _ candidates: [SaveCandidate],
        by judge: inout BatchJudge
    ) -> IntakeSummary {
        var summary = IntakeSummary()
        var next = candidates.startIndex
        for item in items {
            if case .record = item { continue }
            if let burial = Burial(item) {
                judge.bury(burial)
                summary.tombstones += 1
                continue
            }
            switch judge.judge(candidates[next]) {
            case .stored: summary.stored += 1
            case .duplicate: summary.duplicate += 1
            case .superseded: summary.superseded += 1
            case .deleted: summary.deleted += 1
            case .vanished: summary.vanished += 1
            }
            next += 1
        }
        return summary
    }
}
