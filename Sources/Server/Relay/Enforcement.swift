import Actors
import NIOCore
import Nostr
import Wire

/// Puts what configuration and admins decide in force, for what runs and for what comes.
struct Enforcement: Sendable {
    let settings: LiveSettings
    let limiter: RateLimiter
    let directories: [ConnectionDirectory]

    /// Takes what a reload can change.
    func apply(_ configuration: Configuration) async {
        self.settings.apply(configuration)
        await self.hand()
    }

    /// Takes what admins have decided.
    func apply(_ state: ManagementState) async {
        self.settings.apply(state)
        await self.hand()
        let blockList = self.settings.current.blockList
        for directory in self.directories {
            await directory.end(.policyViolation, "blocked") { blockList.contains(client: $0) }
        }
    }

    /// Takes the relay's own key, as soon as it is known.
    func apply(relayKey: PublicKey) async {
        self.settings.apply(relayKey: relayKey)
        await self.hand()
    }

    /// Hands the policy on; another one may come while this is being done.
    private func hand() async {
        var policy: Policy
        repeat {
            policy = self.settings.current.policy
            await self.limiter.apply(policy.rates)
            for directory in self.directories { await directory.apply(policy) }
        } while policy !== self.settings.current.policy
    }
}
