import Backends
import Nostr
import Peers
import Server

/// Stores what another relay sends: everything is judged and counted as in an import.
struct EventIntake {
    private let author: PublicKey?
    private var importer: Importer
    private var judges: JudgeBench
    private var waiting: [Event] = []
    private var waitingBytes = 0
    private var rejections: [ImportJudge.Verdict] = []
    /// Events of one transaction, and their bytes.
    private static let batch = (events: 2_000, bytes: 4 << 20)
    /// Rejections from which on a relay that sends little else is given up.
    private static let tooManyRejected = 10_000

    /// - Parameters:
    ///   - bans: what the relay's admins have banned.
    ///   - author: whose protected events are taken (NIP-70).
    init(writer: any StoreWriter, judge: ImportJudge, bans: BanReader, author: PublicKey?) {
        self.author = author
        self.importer = Importer(writer: writer, judge: judge, bans: bans)
        self.judges = JudgeBench(like: judge)
    }

    var summary: ImportSummary { self.importer.summary }

    /// Whether enough has gathered to be stored.
    var isFull: Bool { self.waiting.count >= Self.batch.events || self.waitingBytes >= Self.batch.bytes }

    mutating func take(_ event: Event) {
        guard !event.isProtected || event.pubkey == self.author else {
            return self.reject("a protected event is its author's alone to publish (NIP-70)")
        }
        self.waiting.append(event)
        self.waitingBytes += event.json.count
    }

    mutating func reject(_ reason: String) { self.rejections.append(.rejected(reason: reason)) }

    /// Stores the rest, and removes what is left of those whose requests to vanish were among it (NIP-62).
    mutating func finish() async throws {
        try await self.settle()
        try self.importer.purge()
    }

    /// Judges on all cores what has gathered, and stores what is good.
    mutating func settle() async throws {
        let events = self.waiting
        let rejections = self.rejections
        (self.waiting, self.waitingBytes, self.rejections) = ([], 0, [])
        guard !events.isEmpty || !rejections.isEmpty else { return }
        let verdicts = await self.judges.verdicts(of: events) { $0.judge($1) }
        try self.importer.settle(verdicts + rejections)
        let rejected = self.summary.rejectedCount
        guard rejected < Self.tooManyRejected || rejected < self.summary.read / 2 else {
            throw PeerFailure.mostlyInvalid(rejected: rejected)
        }
    }
}
