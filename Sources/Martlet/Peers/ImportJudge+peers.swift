import Foundation
import Nostr

extension ImportJudge {
    /// What judges the events of other relays: as an import does that believes nobody.
    ///
    /// - Parameter relay: the public address of this one, which requests to vanish from it name.
    static func ofOtherRelays(for relay: RelayURL?) -> ImportJudge {
        ImportJudge(verifies: true, policy: nil, relay: relay, now: Int64(Date().timeIntervalSince1970))
    }
}
