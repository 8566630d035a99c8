import Nostr
import Peers

/// Asks another relay for stored events, one request at a time.
struct Subscriber {
    let peer: Peer
    private var serial = 0

    init(_ peer: Peer) { self.peer = peer }

    /// How a request ended.
    enum Ending: Sendable, Hashable {
        case endOfStoredEvents
        case refused(text: String)
    }

    /// Sends a request and hands over what comes up to its end; where the relay wants to know who asks, it is told.
    ///
    /// - Parameter take: takes an event's JSON, unread; says whether it brings the exchange forward.
    mutating func request(
        _ filters: [Filter],
        _ take: ([UInt8]) async throws -> Bool
    ) async throws -> Ending {
        var hasAuthenticated = false
        while true {
            let ending = try await self.requestOnce(filters, take)
            guard case .refused(let text) = ending, text.hasPrefix("auth-required:"), !hasAuthenticated else {
                return ending
            }
            hasAuthenticated = true
            try await self.peer.authenticate(text)
        }
    }

    private mutating func requestOnce(
        _ filters: [Filter],
        _ take: ([UInt8]) async throws -> Bool
    ) async throws -> Ending {
        self.serial += 1
        let id = SubscriptionID("martlet-\(self.serial)")
        try await self.peer.send(ClientMessage.request(id, filters).json)
        self.peer.progressed()
        while true {
            switch try await self.peer.answer() {
            case .event(id, let json): if try await take(json) { self.peer.progressed() }
            case .endOfStoredEvents(id):
                try await self.peer.send(ClientMessage.close(id).json)
                return .endOfStoredEvents
            case .closed(id, let text): return .refused(text: text)
            default: break
            }
        }
    }
}
