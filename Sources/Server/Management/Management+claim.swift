import Actors
import Backends
import Nostr

extension Management {
    private static let claims = "http_authorization"
    /// Seconds for which a used authorization is remembered after its end: the nodes' clocks differ.
    private static let memorySeconds: Int64 = 600

    /// Uses an authorization up, on all nodes at once.
    ///
    /// - Returns: whether it had not been used.
    func claim(_ authorization: HTTPAuthorization) async throws(StorageError) -> Bool {
        let now = self.clock.now()
        let until = JSONValue.object(["until": .number(authorization.endsAt + Self.memorySeconds)])
        var changes = [RecordChange(.put(until.json), section: Self.claims, key: authorization.id.hex, if: .absent)]
        for record in try await self.readers.next.records(in: Self.claims, after: 0, atMost: 100) {
            let value = record.value.flatMap { try? JSONValue(parsing: $0.span) }
            guard value?["until"]?.integer ?? 0 < now else { break }
            changes.append(RecordChange(.erase, section: Self.claims, key: record.key))
        }
        switch try await self.writer.apply(changes) {
        case .applied: return true
        case .refused: return false
        }
    }
}
