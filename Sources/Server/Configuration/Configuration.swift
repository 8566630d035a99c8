public import Nostr

/// Everything an operator can set, with the defaults of a relay on one machine.
public struct Configuration: Equatable, Sendable {
    /// Where the relay accepts connections; at least one address.
    public var listen: [ListenAddress] = [.tcp(host: "127.0.0.1", port: 7777)]
    /// The relay's public `ws` or `wss` URL.
    public var url: AbsoluteURL?
    /// Who may manage the relay over HTTP (NIP-86).
    public var admins: [PublicKey] = []
    /// Where the events are kept.
    public var database: DatabaseLocation = .sqlite(path: "data/martlet.db")
    /// What tells this node from others, in logs and metrics; nil for the name of the machine.
    public var node: String?
    /// The proxies whose `X-Forwarded-For` and `X-Real-IP` headers are believed.
    public var trustedProxies: [Network] = []
    /// What the relay says about itself (NIP-11).
    public var info = Info()
    /// Limits of connections.
    public var connections = Connections()
    /// Limits of events that clients publish.
    public var events = Events()
    /// Limits of subscriptions.
    public var subscriptions = Subscriptions()
    /// Comparing events with clients.
    public var negentropy = Negentropy()
    /// What is searched for by its words.
    public var search = Search()
    /// Who may read what.
    public var access = Access()
    /// How often clients may do things.
    public var rateLimits = RateLimits()
    /// How the database is used.
    public var storage = Storage()
    /// Who may read the metrics, and where.
    public var metrics = Metrics()
    /// What is logged, and how.
    public var log = Log()

    /// The defaults.
    public init() {}
}
