import Synchronization

/// A statement that each connection prepares when it is first used there; it outlives connections.
final class PostgresStatement: Sendable {
    let sql: String
    /// Tells it from the other statements of this process.
    let number: Int
    /// What the server knows it by.
    let name: String

    private static let made = Atomic<Int>(0)

    init(_ sql: String) {
        self.sql = sql
        self.number = Self.made.wrappingAdd(1, ordering: .relaxed).newValue
        self.name = "s\(self.number)"
    }
}
