import NIOCore

/// Hands publications to every event loop, in the order in which they were made.
public struct Broadcast: Sendable {
    private let registries: [SubscriptionRegistry]
    /// What else follows all that is stored and removed.
    private let negentropy: NegentropyIndex?

    public init(_ registries: [SubscriptionRegistry], negentropy: NegentropyIndex? = nil) {
        self.registries = registries
        self.negentropy = negentropy
    }

    /// Returns when every loop has dealt with what was sent before.
    func settle() async {
        for registry in self.registries { await registry.settle() }
    }

    /// One message per loop, whatever the number of events. Calls from one thread arrive in their order, which
    /// awaiting the registries would not promise.
    func send(_ publication: Publication) {
        guard !publication.isEmpty else { return }
        self.negentropy?.apply(publication)
        for registry in self.registries {
            registry.loop.execute { registry.assumeIsolated { $0.publish(publication) } }
        }
    }
}
