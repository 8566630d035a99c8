import Backends
public import NIOCore
import Nostr
public import Wire

/// One WebSocket client, on the event loop that its socket lives on: what arrives is parsed and judged there without a
/// hop, and threads are crossed once per batch.
///
/// A connection is *open* until `end` is called, then *closing* until the socket is closed.
public actor Connection {
    public nonisolated let unownedExecutor: UnownedSerialExecutor
    nonisolated let channel: any Channel
    /// Where the client connects from: an address as text.
    nonisolated let client: String
    let context: RelayContext
    /// The policy in force; a reload replaces it.
    var policy: Policy
    /// Who reads, by the keys that the client has proven to hold.
    var readership: Readership
    /// Nil where nothing can be proven.
    var challenge: Challenge?
    var authenticationAttempts = 0

    // Inbound.
    var decoder: FrameDecoder
    let compression: PermessageDeflate?
    /// What was read and waits for the connection's next turn: the rest of one burst at most, for no more is read.
    var backlog: ByteBuffer?
    var messages: TokenBucket?
    var publications: TokenBucket?

    // Events on their way to the verifier and the writer.
    var arrivals: [Event] = []
    var arrivedBytes = 0
    /// Events, and their bytes, whose answer is outstanding and that are no longer in `arrivals`.
    var inFlight = (events: 0, bytes: 0)
    var isPublishing = false

    // Subscriptions.
    var subscriptions: [SubscriptionKey: Subscription] = [:]
    var keys: [SubscriptionID: SubscriptionKey] = [:]
    /// Values in all lists of all subscriptions, and of the counts that are not answered yet.
    var openValues = 0
    var counts = OpenCounts()
    /// Histories that wait their turn, in the order of their requests, and how many are being sent.
    var waitingReplays: [(key: SubscriptionKey, query: StoredQuery)] = []
    var runningReplays = 0
    /// Nanoseconds that the loop had read for its connections when this one's turn began.
    var readAtTurnStart = 0
    /// Bytes of the ephemeral events that wait for the end of a history.
    var waitingBytes = 0

    // Reconciliations.
    var negentropy = NegentropySessions()

    /// Subscriptions that wait for an invitation, each with a number of its own (NIP-43).
    var invitationsAsked: [SubscriptionID: Int] = [:]
    var invitationNumber = 0
    /// Invitations that are being made, also for what was closed meanwhile.
    var invitationsUnderWay = 0

    // Outbound.
    /// Without a storage until something is appended.
    var outbound = ByteBuffer()
    var live = LiveDeliveries()
    /// Whether the registry will flush what it handed over.
    var awaitsFlush = false
    var whenWritable: [CheckedContinuation<Void, Never>] = []

    var state = State.open
    /// Whether the socket asked to be read while the connection was congested.
    var isReadPending = false
    /// Whether nothing more is read, because the relay shuts down.
    var isLeftUnread = false

    // Liveness, in ticks of the directory.
    var wasHeard = true
    var awaitsPong = false
    var idleTicks: Int64 = 0
    /// Bytes handed to the socket, and those of them that the peer had taken at the last tick.
    var flushedBytes = 0
    var takenBytes = 0
    /// Ticks in which a peer that owes us reading took nothing.
    var stalledTicks = 0

    enum State {
        /// Exits: `closing`.
        case open
        /// A close frame is on its way; nothing is taken any more. No exit: the socket closes.
        case closing
    }

    public init(
        _ channel: any Channel,
        context: RelayContext,
        policy: Policy,
        compression: PermessageDeflate?,
        client: String = ""
    ) {
        self.channel = channel
        self.client = client
        self.unownedExecutor = channel.eventLoop.executor.asUnownedSerialExecutor()
        self.context = context
        self.policy = policy
        self.readership = Readership(
            privateKinds: policy.privateKinds,
            isAdmitted: policy.access.admits([], policy.members, now: 0)
        )
        self.compression = compression
        self.decoder = FrameDecoder(maxMessageBytes: policy.limits.connections.messageBytes, compression: compression)
    }

    /// Puts another policy in force.
    func apply(_ policy: Policy) {
        self.policy = policy
        self.decoder.maxMessageBytes = policy.limits.connections.messageBytes
        self.renewReadership()
    }

    /// Called when the socket is a WebSocket.
    func opened() {
        self.context.directory.assumeIsolated { $0.add(self) }
        self.context.metrics.activeConnections.add()
        self.context.metrics.totalConnections.add()
        self.sendChallenge()
    }

    /// Called when the socket is gone, once.
    func closed() {
        self.takeLastWords()
        self.state = .closing
        self.context.directory.assumeIsolated { $0.remove(self) }
        self.context.metrics.activeConnections.add(-1)
        for key in self.subscriptions.keys { self.context.registry.assumeIsolated { $0.remove(key) } }
        self.subscriptions = [:]
        self.keys = [:]
        self.openValues = 0
        self.counts = OpenCounts()
        self.waitingReplays = []
        self.endNegentropies()
        self.invitationsAsked = [:]
        // What has arrived whole is still published, whether anyone waits for the answer or not.
        self.outbound = ByteBuffer()
        self.live = LiveDeliveries()
        self.resumeWritable()
    }

    /// Sends a close frame and closes the socket.
    func end(_ code: CloseCode, _ reason: String) {
        guard self.state == .open else { return }
        self.state = .closing
        self.prepareOutbound()
        self.outbound.writeClose(code, reason: reason)
        self.flush()
        // The peer's own close frame, or the end of its stream, is waited for.
        if self.isReadPending {
            self.isReadPending = false
            self.channel.read()
        }
        // The socket closes when the frame is sent, or when the peer has had its time to take it.
        let channel = self.channel
        channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
        let closing = channel.eventLoop.makePromise(of: Void.self)
        channel.writeAndFlush(ByteBuffer(), promise: closing)
        closing.futureResult.whenComplete { _ in channel.close(mode: .output, promise: nil) }
    }
}
