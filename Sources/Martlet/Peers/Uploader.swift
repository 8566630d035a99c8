import Actors
import Nostr
import Peers

/// Sends events to another relay, so many at a time as are unanswered, and counts what it makes of them.
struct Uploader {
    private let peer: Peer
    private var window = UploadWindow()
    private var outbox: [[UInt8]] = []
    private var outboxBytes = 0
    /// Bytes that are handed to the socket at once.
    private static let flushBytes = 64 << 10

    init(_ peer: Peer) { self.peer = peer }

    var counts: UploadWindow.Counts { self.window.counts }
    var unanswered: Int { self.window.unansweredCount }
    /// Events that the relay takes only from a key that it knows.
    private(set) var wantsKey: PeerFailure?

    /// Sends an event, as soon as there is room for it.
    mutating func send(_ event: Event) async throws {
        while !self.window.hasRoom(at: Self.now) { try await self.listen() }
        if self.window.admit(event) { try await self.post(event) }
    }

    /// Waits until everything is answered.
    mutating func finish() async throws {
        while !self.window.isDrained { try await self.listen() }
    }

    private static var now: Int64 { Int64(Clock.system.seconds) }

    private mutating func post(_ event: Event) async throws {
        let message = ClientMessage.event(event).json
        self.outbox.append(message)
        self.outboxBytes += message.count
        if self.outboxBytes >= Self.flushBytes { try await self.flush() }
    }

    private mutating func flush() async throws {
        let messages = self.outbox
        (self.outbox, self.outboxBytes) = ([], 0)
        try await self.peer.send(messages)
    }

    /// Sends what waits, and takes the next answer, or the end of a pause.
    private mutating func listen() async throws {
        for event in self.window.due(at: Self.now) { try await self.post(event) }
        try await self.flush()
        let pause = self.window.pause(at: Self.now)
        // While this side pauses, the other one owes nothing.
        if pause != nil { self.peer.progressed() }
        guard case .ok(let id, let isAccepted, let text) = try await self.peer.next(pause: pause) else { return }
        guard let effect = self.window.answered(id, isAccepted: isAccepted, text: text, at: Self.now) else { return }
        self.peer.progressed()
        switch effect {
        case .none: break
        case .giveUp(let text): throw PeerFailure.rateLimited(text: ForeignText.shown(text))
        case .authenticate(let text): try await self.authenticate(text)
        }
    }

    private mutating func authenticate(_ text: String) async throws {
        do throws(PeerFailure) {
            if let wantsKey { throw wantsKey }
            try await self.peer.authenticate(text)
        } catch {
            switch error {
            case .needsKey, .keyRefused:
                self.wantsKey = error
                self.window.authenticationFailed(text)
            default: throw error
            }
        }
    }
}
