import Actors
import Backends
import Nostr

/// The relay's own key (NIP-11, `self`): made at the first start, and kept.
///
/// It lies in the configured file; without one, beside an SQLite database, or as a record in a PostgreSQL one, where all
/// nodes find it.
enum RelayKey {
    private static let section = "relay_key"
    private static let name = "secret"

    static func load(_ configuration: Configuration, _ readers: ReaderPool, _ writer: StorageWriter) async throws
        -> KeyPair
    {
        if let path = configuration.access.relayKeyFile { return try RelayKeyFile(path: path).key() }
        switch configuration.database {
        case .sqlite(let path): return try RelayKeyFile(path: path + ".key").key()
        case .postgres: break
        }
        for _ in 0..<2 {
            if let record = try await readers.next.record(Self.name, in: Self.section) {
                let value = record.value.flatMap { try? JSONValue(parsing: $0.span) }
                let digits = Array((value?["hex"]?.string ?? "").utf8)
                guard let secret = Bytes32(hex: digits.span), let key = KeyPair(secret: secret) else {
                    throw RelayKeyError("the database's record of the relay's key does not hold one")
                }
                return key
            }
            // Of several nodes the first one's is everybody's.
            let value = JSONValue.object(["hex": .string(Self.newSecret().hex)])
            let change = RecordChange(.put(value.json), section: Self.section, key: Self.name, if: .absent)
            _ = try await writer.apply([change])
        }
        throw RelayKeyError("the relay's key cannot be kept in the database")
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
