public import NIOCore
public import Nostr

/// Checks signatures on its own thread: about 40 µs each would stall the other sockets of an event loop.
public actor Verifier {
    public nonisolated let unownedExecutor: UnownedSerialExecutor

    public init(on thread: any EventLoop) { self.unownedExecutor = thread.executor.asUnownedSerialExecutor() }

    private var checker = SignatureChecker()

    /// Whether each event's signature is its author's (NIP-01).
    public func verify(_ events: [Event]) -> [Bool] { events.map { self.checker.isValid($0) } }
}
