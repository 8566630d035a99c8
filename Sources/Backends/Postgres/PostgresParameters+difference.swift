extension PostgresParameters {
    /// Adds what `PostgresReadStatements.difference` takes, $1 to $8: the next rows of what one snapshot has and the
    /// cursor's has not.
    mutating func add(_ cursor: CommitCursor, upTo target: Snapshot, atMost count: Int) {
        let known = cursor.known
        let last = cursor.last ?? CommitPosition(row: .min, transaction: 0)
        let late = known.running.filter { $0 >= last.transaction && target.includes($0) }
        let isBehind = last.transaction < known.ceiling
        self.add(xid8s: late.map { UInt64(PostgresServer.xid($0)) })
        self.add(xid8: UInt64(PostgresServer.xid(last.transaction)))
        self.add(int8: last.row)
        self.add(xid8: UInt64(PostgresServer.xid(isBehind ? known.ceiling : last.transaction)))
        self.add(int8: isBehind ? .min : last.row)
        self.add(xid8: UInt64(PostgresServer.xid(target.ceiling)))
        self.add(text: target.postgresText)
        self.add(int4: Int32(clamping: count))
    }
}
