public import Nostr

/// Every bound that clients meet, with its unit; what is enforced and what NIP-11 prints are the same value.
public struct Limits: Sendable, Equatable {
    public var connections = Connections()
    public var events = Events()
    public var subscriptions = Subscriptions()
    public var negentropy = Negentropy()
    /// What a search may hold (NIP-50); nil where there is none.
    public var search: SearchBounds?

    public init() {}

    public struct Connections: Sendable, Equatable {
        /// Bytes of one WebSocket message (NIP-11, `max_message_length`).
        public var messageBytes = 1 << 20
        /// Bytes waiting for a client that does not read; at more it is closed.
        public var unsentBytes = 4 << 20
        /// Seconds between two pings; a peer that is silent for two of them is closed.
        public var pingSeconds: Int64 = 30
        /// Seconds that a connection may go without a message and without a subscription; nil for ever.
        public var idleSeconds: Int64? = 600
        /// Events received on one connection whose answer is outstanding; at more it is not read.
        public var unansweredEvents = 512
        /// Bytes of such events.
        public var unansweredBytes = 4 << 20
    }

    public struct Events: Sendable, Equatable {
        /// Bytes of the event as canonical JSON.
        public var bytes = 128 << 10
        /// Tags in one event (NIP-11, `max_event_tags`).
        public var tags = 2_000
        /// Bytes of one tag element.
        public var tagElementBytes = 16 << 10
        /// Unicode characters in the content (NIP-11, `max_content_length`).
        public var contentCharacters = 100_000
        /// Seconds that `created_at` may lie in the past; nil for any (NIP-11, `created_at_lower_limit`).
        public var ageSeconds: Int64?
        /// Seconds that `created_at` may lie in the future (NIP-11, `created_at_upper_limit`).
        public var futureSeconds: Int64 = 900
        /// Kinds that are taken.
        public var allowedKinds: [ClosedRange<UInt16>] = [0 ... .max]
        /// Kinds that are not taken even where they are allowed.
        public var deniedKinds: [ClosedRange<UInt16>] = []
        /// Leading zero bits of the id (NIP-13; NIP-11, `min_pow_difficulty`).
        public var proofOfWorkBits = 0
    }

    public struct Subscriptions: Sendable, Equatable {
        /// Subscriptions open on one connection (NIP-11, `max_subscriptions`).
        public var open = 100
        /// Filters in one REQ.
        public var filters = 20
        /// Stored events that one filter gets at most (NIP-11, `max_limit`).
        public var limit = 1_000
        /// Stored events that a filter without `limit` gets (NIP-11, `default_limit`).
        public var defaultLimit = 500
        /// Unicode characters in a subscription id (NIP-11, `max_subid_length`).
        public var idCharacters = 64
        /// Values in all lists of one REQ.
        public var values = 10_000
        /// Values in all lists of all subscriptions and COUNTs of one connection.
        public var openValues = 50_000
        /// Histories that are sent at once on one connection; further ones wait their turn.
        public var replays = 2
        /// Nanoseconds of the database's time that one REQ may take before it is ended.
        public var queryNanoseconds = 10_000_000_000
        /// Nanoseconds of the database's time from which on a REQ is logged.
        public var slowQueryNanoseconds = 500_000_000
        /// COUNTs of one connection that are worked on at once; further ones wait their turn.
        public var counts = 2
        /// COUNTs of one connection that are not answered yet.
        public var openCounts = 100
        /// Nanoseconds of the database's time that one COUNT may take before the rest of it is estimated.
        public var countNanoseconds = 2_000_000_000
        /// Live events kept for a subscription while its history is being sent; at more the rest is read again.
        public var replayBufferEvents = 500
        /// Bytes of such events.
        public var replayBufferBytes = 1 << 20
    }

    /// Reconciliations of sets of events (NIP-77).
    public struct Negentropy: Sendable, Equatable {
        public var isEnabled = true
        /// Events that one may be about; the cap of NEG-ERR.
        public var records = 1_000_000
        /// Sessions open on one connection.
        public var openSessions = 10
        /// Nanoseconds after which a session whose client is silent is closed.
        public var idleNanoseconds = 120_000_000_000
        /// Sessions open on all connections.
        public var sessions = 1_000
        /// Records that all sessions may hold of their own, 40 bytes each; those of the set that all share are not counted.
        public var allRecords: Int { 4 * self.records }
        /// Nanoseconds of the database's time that the records of one may take.
        public var loadNanoseconds = 60_000_000_000
        /// Nanoseconds that one may be open.
        public static let lifeNanoseconds = 3_600_000_000_000
        /// Bytes of a message of the relay's; twice as many are sent.
        public static let frameBytes = 128 << 10
    }

    /// Bytes of one page of a history.
    public static let pageBytes = 256 << 10

    /// Bytes waiting for a client at which it is closed: what it may leave unread, and the pages that were read for it
    /// while it still read.
    public var unsentCeilingBytes: Int {
        self.connections.unsentBytes + self.subscriptions.replays * (Self.pageBytes + self.events.bytes)
    }

    /// What a client message may hold.
    public var messageBounds: MessageBounds {
        MessageBounds(
            filters: self.subscriptions.filters,
            values: self.subscriptions.values,
            subscriptionIDCharacters: self.subscriptions.idCharacters,
            search: self.search
        )
    }
}
