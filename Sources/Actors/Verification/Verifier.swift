public import NIOCore
public import Nostr

/// Checks signatures on its own thread: about 40 µs each would stall the other sockets of an event loop.
public actor Verifier {
    public nonisolated let unownedExecutor: UnownedSerialExecutor
    nonisolated let verified: VerifiedEvents
    private var checker = SignatureChecker()

    /// - Parameter verified: what is remembered of the events that were checked; the verifiers of a relay share it.
    public init(on thread: any EventLoop, remembering verified: VerifiedEvents) {
        self.unownedExecutor = thread.executor.asUnownedSerialExecutor()
        self.verified = verified
    }

    /// Whether each event's signature is its author's (NIP-01).
    public func verify(_ events: [Event]) -> [Bool] {
        let validity = events.map { self.checker.isValid($0) }
        self.verified.insert(zip(events, validity).lazy.filter { $0.1 }.map { $0.0 })
        return validity
    }
}
