import Glibc
import NIOCore
import NIOPosix
public import Nostr

/// Another relay that this one is a client of: messages in both directions, authentication, and how long to be patient.
///
/// It is used by one task at a time.
public final class Peer {
    public let address: PeerAddress
    private let limits: PeerLimits
    private let socket: PeerSocket
    private let group: MultiThreadedEventLoopGroup
    private var authentication: PeerAuthentication
    private var messages: ArraySlice<[UInt8]> = []
    /// What came while the authentication was waited for.
    private var held: ArraySlice<RelayAnswer> = []
    /// Seconds that a challenge may follow upon the refusal that asks for it.
    private static let challengeSeconds: Int64 = 5
    /// When the exchange is given up unless something brings it forward.
    private var patience: NIODeadline
    private var strayMessages = 0
    /// The last NOTICE, fit to be shown.
    public private(set) var lastNotice: String?

    private init(
        _ address: PeerAddress,
        _ socket: PeerSocket,
        keys: KeyPair?,
        limits: PeerLimits,
        group: MultiThreadedEventLoopGroup
    ) {
        self.address = address
        self.socket = socket
        self.limits = limits
        self.group = group
        self.authentication = PeerAuthentication(keys: keys, url: address.description)
        self.patience = .now() + .seconds(limits.silenceSeconds)
    }

    /// Connects to a relay.
    ///
    /// - Parameter keys: what challenges are answered with (NIP-42).
    public static func connect(
        to address: PeerAddress,
        keys: KeyPair?,
        trust: PeerTrust,
        limits: PeerLimits = PeerLimits()
    ) async throws(PeerFailure) -> Peer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let socket = try await PeerSocket.open(address, trust: trust, limits: limits, on: group)
            return Peer(address, socket, keys: keys, limits: limits, group: group)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// Ends the connection in good order.
    public func close() async {
        await self.socket.close()
        try? await self.group.shutdownGracefully()
    }

    public func send(_ message: [UInt8]) async throws(PeerFailure) { try await self.send([message]) }

    public func send(_ messages: [[UInt8]]) async throws(PeerFailure) {
        guard !messages.isEmpty else { return }
        try await self.socket.send(messages)
    }

    /// Bytes of all messages so far.
    public var traffic: (sent: Int, received: Int) {
        get async { await self.socket.traffic }
    }

    /// Notes that the exchange goes forward: the relay has its time anew.
    public func progressed() {
        self.patience = .now() + .seconds(self.limits.silenceSeconds)
        self.strayMessages = 0
    }

    /// The next thing that the relay says; challenges are answered meanwhile, and what is no message is passed over.
    ///
    /// - Parameter pause: seconds after which nil is returned where nothing has come; nil to be as patient as the
    ///   limits.
    public func next(pause: Int64? = nil) async throws(PeerFailure) -> RelayAnswer? {
        if let answer = self.held.popFirst() { return answer }
        return try await self.hear(pause: pause) { _ in false }
    }

    /// The next thing that the relay says, as long as the limits are patient.
    public func answer() async throws(PeerFailure) -> RelayAnswer {
        while true {
            if let answer = try await self.next() { return answer }
        }
    }

    /// Waits until the key is accepted that a refusal asks for.
    ///
    /// - Parameter text: what the relay said; where there is no key to give, the failure repeats it.
    public func authenticate(_ text: String) async throws(PeerFailure) {
        var held: [RelayAnswer] = []
        defer { self.held += held }
        if self.authentication.awaitsChallenge {
            let answer = try await self.hear(pause: Self.challengeSeconds) { !$0.awaitsChallenge }
            if let answer { held.append(answer) }
        }
        while case .sent = self.authentication.state {
            if let answer = try await self.hear(pause: nil, until: { $0.isSettled }) { held.append(answer) }
        }
        if let obstacle = self.authentication.obstacle(ForeignText.shown(text)) { throw obstacle }
    }

    /// Reads on to something that is the caller's; nil where the pause is over, or `isEnough` of the authentication.
    private func hear(
        pause: Int64?,
        until isEnough: (PeerAuthentication) -> Bool
    ) async throws(PeerFailure) -> RelayAnswer? {
        while true {
            while let message = self.messages.popFirst() {
                self.strayMessages += 1
                guard self.strayMessages <= self.limits.strayMessages else {
                    throw .chatter(messages: self.strayMessages)
                }
                guard let answer = RelayAnswer(parsing: message.span) else { continue }
                if let answer = try await self.heard(answer) { return answer }
                if isEnough(self.authentication) { return nil }
            }
            guard !Task.isCancelled else { throw .stopped }
            let left = (self.patience - .now()).nanoseconds / 1_000_000_000
            guard self.patience > .now() else { throw .silent(seconds: self.limits.silenceSeconds) }
            do {
                self.messages = try await self.socket.receive(within: min(left + 1, pause ?? .max))[...]
            } catch .silent {
                if pause != nil, self.patience > .now() { return nil }
            }
        }
    }

    /// Deals with authentication and notices; what is left is the caller's.
    private func heard(_ answer: RelayAnswer) async throws(PeerFailure) -> RelayAnswer? {
        switch answer {
        case .challenge(let challenge):
            let event = self.authentication.challenged(challenge, now: Int64(time(nil)))
            if let event { try await self.send(ClientMessage.authenticate(event).json) }
            return nil
        case .ok(let id, let isAccepted, let text):
            let shown = ForeignText.shown(text)
            return self.authentication.answered(id, isAccepted: isAccepted, text: shown) ? nil : answer
        case .notice(let text):
            self.lastNotice = ForeignText.shown(text)
            return answer
        default: return answer
        }
    }
}
