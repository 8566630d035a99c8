import Foundation

extension Corpus {
    /// The corpus' next events as JSON, signed on all cores, each between `prefix` and `suffix`.
    ///
    /// Runs where its caller does not, so that what the caller writes meanwhile goes on.
    @concurrent
    func signed(
        _ events: [CorpusEvent],
        prefix: StaticString = "",
        suffix: StaticString = ""
    ) async throws(BenchFailure) -> [[UInt8]] {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let share = Swift.max(1, (events.count + cores - 1) / cores)
        let keys = self.keys
        let parts = await withTaskGroup(of: (Int, [[UInt8]]).self) { group in
            for start in stride(from: 0, to: events.count, by: share) {
                let part = events[start..<Swift.min(start + share, events.count)]
                group.addTask {
                    (
                        start,
                        part.compactMap {
                            $0.signedJSON(by: keys[Int($0.trace.author)], prefix: prefix, suffix: suffix)
                        }
                    )
                }
            }
            var parts: [Int: [[UInt8]]] = [:]
            for await (start, lines) in group { parts[start] = lines }
            return parts
        }
        let lines = parts.sorted { $0.key < $1.key }.flatMap { $0.value }
        guard lines.count == events.count else { throw BenchFailure("libsecp256k1 refuses to sign") }
        return lines
    }

    /// Calls `body` with all events as JSON lines, in pieces; `isSigned` or with signatures that mean nothing.
    public func forEachPiece(isSigned: Bool, _ body: ([[UInt8]]) throws -> Void) async throws {
        var events = self.makeIterator()
        while true {
            var piece: [CorpusEvent] = []
            while piece.count < Self.pieceEvents, let event = events.next() { piece.append(event) }
            if piece.isEmpty { return }
            try body(isSigned ? try await self.signed(piece) : piece.map(\.unsignedJSON))
        }
    }

    private static let pieceEvents = 4_000
}
