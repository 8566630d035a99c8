import Actors
import Backends
import Nostr

/// The relay's own key (NIP-11, `self`): made at the first start, and kept.
///
/// It lies in the configured file; without one, beside an SQLite database, or as a record in a PostgreSQL one, where
/// all nodes find it.
public enum RelayKey {
    private static let section = "relay_key"
    private static let name = "secret"
    private static let attempts = 5

    /// Fails where the file that the relay would take its key from does not hold one; that there is none is no fault.
    public static func check(_ configuration: Configuration) throws(RelayKeyError) {
        guard configuration.access.publishesMembers else { return }
        _ = try Self.file(configuration)?.read()
    }

    static func load(_ configuration: Configuration, _ readers: ReaderPool, _ writer: StorageWriter) async throws
        -> KeyPair
    {
        if let file = Self.file(configuration) {
            if let key = try file.read() { return key }
            // A database that was on PostgreSQL before has brought it along.
            let secret = try await Self.recorded(readers) ?? Self.newSecret()
            return try file.key(making: secret)
        }
        for _ in 0..<Self.attempts {
            if let secret = try await Self.recorded(readers) { return try Self.pair(secret) }
            // Of several nodes the first one's is everybody's.
            let value = JSONValue.object(["hex": .string(Self.newSecret().hex)])
            let change = RecordChange(.put(value.json), section: Self.section, key: Self.name, if: .absent)
            _ = try await writer.apply([change])
        }
        throw RelayKeyError("the relay's key cannot be kept in the database")
    }

    /// Nil where the database itself keeps it.
    private static func file(_ configuration: Configuration) -> RelayKeyFile? {
        if let path = configuration.access.relayKeyFile { return RelayKeyFile(path: path) }
        guard case .sqlite(let path) = configuration.database else { return nil }
        return RelayKeyFile(path: path + ".key")
    }

    private static func recorded(_ readers: ReaderPool) async throws -> Bytes32? {
        guard let record = try await readers.next.record(Self.name, in: Self.section) else { return nil }
        let value = record.value.flatMap { try? JSONValue(parsing: $0.span) }
        let digits = Array((value?["hex"]?.string ?? "").utf8)
        guard let secret = Bytes32(hex: digits.span) else { throw Self.unusable }
        return secret
    }

    private static func pair(_ secret: Bytes32) throws(RelayKeyError) -> KeyPair {
        guard let key = KeyPair(secret: secret) else { throw Self.unusable }
        return key
    }

    private static var unusable: RelayKeyError {
        RelayKeyError("the database's record of the relay's key does not hold one")
    }

    /// A secret from the system's random numbers.
    static func newSecret() -> Bytes32 {
        var generator = SystemRandomNumberGenerator()
        while true {
            let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
            if let secret = Bytes32(bytes), KeyPair(secret: secret) != nil { return secret }
        }
    }
}
