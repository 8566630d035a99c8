/// A connection on its way from the thread that opened it to the one that will use it; closed where nobody takes it.
struct PostgresHandover: ~Copyable, Sendable {
    /// A reference that is counted once.
    private let address: UInt

    init(_ connection: sending PostgresConnection) {
        self.address = UInt(bitPattern: Unmanaged.passRetained(connection).toOpaque())
    }

    deinit { _ = Self.connection(at: self.address) }

    consuming func take() -> sending PostgresConnection {
        let address = self.address
        discard self
        return Self.connection(at: address)
    }

    private static func connection(at address: UInt) -> sending PostgresConnection {
        guard let pointer = UnsafeRawPointer(bitPattern: address) else {
            preconditionFailure("an object lies at an address")
        }
        return Unmanaged<PostgresConnection>.fromOpaque(pointer).takeRetainedValue()
    }
}
