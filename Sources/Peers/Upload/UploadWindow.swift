public import Nostr

/// Which events are with another relay and unanswered, and which have to be sent again: a value that is told each OK.
///
/// An event is *new* until it is sent, *unanswered* until its OK, and then counted, or *waiting* to be sent again.
public struct UploadWindow: Sendable {
    public struct Limits: Sendable {
        /// Events that are unanswered at once.
        public var events = 256
        /// Bytes of such events.
        public var bytes = 1 << 20
        /// Refusals for the rate in succession, with a longer pause after each, until it is given up.
        public var pauses = 8
        /// Seconds of the first pause and of the longest.
        public var pauseSeconds = (first: Int64(1), longest: Int64(30))

        public init() {}
    }

    public struct Counts: Sendable, Equatable {
        public var sent = 0
        public var accepted = 0
        public var duplicate = 0
        public var refused = ReasonCounts()
    }

    /// What an OK asks for.
    public enum Effect: Sendable, Equatable {
        case none
        /// The event is sent again once the key is accepted, or counted as refused by `authenticationFailed`.
        case authenticate(text: String)
        /// The relay refuses for its rate, however long the pauses are.
        case giveUp(text: String)
    }

    private struct Outgoing: Sendable {
        let event: Event
        var wasAuthenticated = false
    }

    private let limits: Limits
    private var unanswered: [EventID: Outgoing] = [:]
    private var unansweredBytes = 0
    private var waiting: [Outgoing] = []
    /// Events that may be unanswered at the moment: fewer after a refusal for the rate, one more with each success.
    private var width: Int
    /// The second until which nothing is sent.
    private var pausedUntil: Int64?
    private var pauses = 0
    public private(set) var counts = Counts()

    public init(limits: Limits = Limits()) {
        self.limits = limits
        self.width = limits.events
    }

    /// Whether everything that was admitted has its answer.
    public var isDrained: Bool { self.unanswered.isEmpty && self.waiting.isEmpty }

    /// Events without an answer.
    public var unansweredCount: Int { self.unanswered.count + self.waiting.count }

    /// Whether a new event may be admitted.
    ///
    /// - Parameter now: seconds of a clock that never runs back, as everywhere here.
    public func hasRoom(at now: Int64) -> Bool {
        self.waiting.isEmpty && !self.isPaused(at: now) && self.unanswered.count < self.width
            && self.unansweredBytes < self.limits.bytes
    }

    /// Takes an event that is sent now; false where it is under way already.
    public mutating func admit(_ event: Event) -> Bool {
        guard self.unanswered[event.id] == nil else { return false }
        self.counts.sent += 1
        self.enter(Outgoing(event: event))
        return true
    }

    /// Events that have to be sent again now.
    public mutating func due(at now: Int64) -> [Event] {
        guard !self.isPaused(at: now), !self.waiting.isEmpty else { return [] }
        let count = min(self.waiting.count, max(self.width - self.unanswered.count, 0))
        let due = self.waiting.prefix(count)
        self.waiting.removeFirst(count)
        for outgoing in due { self.enter(outgoing) }
        return due.map(\.event)
    }

    /// Seconds until something may be sent again; nil where nothing is paused.
    public func pause(at now: Int64) -> Int64? {
        guard let pausedUntil, pausedUntil > now else { return nil }
        return pausedUntil - now
    }

    /// Takes an answer; one about an event that is not under way changes nothing and says so with nil.
    public mutating func answered(_ id: EventID, isAccepted: Bool, text: String, at now: Int64) -> Effect? {
        guard let outgoing = self.unanswered.removeValue(forKey: id) else { return nil }
        self.unansweredBytes -= outgoing.event.json.count
        if text.hasPrefix("duplicate:") {
            self.counts.duplicate += 1
            self.succeeded()
        } else if isAccepted {
            self.counts.accepted += 1
            self.succeeded()
        } else if text.hasPrefix("rate-limited:") {
            self.waiting.append(outgoing)
            return self.slowDown(text, at: now)
        } else if text.hasPrefix("auth-required:"), !outgoing.wasAuthenticated {
            self.waiting.append(Outgoing(event: outgoing.event, wasAuthenticated: true))
            return .authenticate(text: text)
        } else {
            self.counts.refused.add(text)
        }
        return Effect.none
    }

    /// Counts as refused what waits for an authentication that there will not be.
    public mutating func authenticationFailed(_ text: String) {
        for _ in self.waiting.lazy.filter(\.wasAuthenticated) { self.counts.refused.add(text) }
        self.waiting.removeAll(where: \.wasAuthenticated)
    }

    private func isPaused(at now: Int64) -> Bool { self.pause(at: now) != nil }

    private mutating func enter(_ outgoing: Outgoing) {
        self.unanswered[outgoing.event.id] = outgoing
        self.unansweredBytes += outgoing.event.json.count
    }

    private mutating func succeeded() {
        self.pauses = 0
        self.width = min(self.width + 1, self.limits.events)
    }

    /// Pauses once for all refusals that come while it lasts.
    private mutating func slowDown(_ text: String, at now: Int64) -> Effect {
        guard !self.isPaused(at: now) else { return .none }
        self.pauses += 1
        guard self.pauses <= self.limits.pauses else { return .giveUp(text: text) }
        self.width = max(self.width / 2, 1)
        let (first, longest) = self.limits.pauseSeconds
        self.pausedUntil = now + min(first << Int64(self.pauses - 1), longest)
        return .none
    }
}
