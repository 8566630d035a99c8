public import Nostr

/// What a comparison has found so far, and the limits that keep a relay from answering for ever.
public struct Differences: Sendable {
    /// Ids that the other relay lacks, each once, in the order in which they were found.
    public private(set) var have: [EventID] = []
    /// Ids that it has beyond ours.
    public private(set) var need: [EventID] = []
    private var known: Set<EventID> = []
    private var barrenRounds = 0
    /// Ids that one comparison may find.
    private let maximumIDs: Int
    /// Messages in succession that may tell nothing new: each of them narrows what differs to a sixteenth.
    private static let maximumBarrenRounds = 1_000

    public init(maximumIDs: Int = 5_000_000) { self.maximumIDs = maximumIDs }

    /// Takes what one message told.
    public mutating func add(have: [EventID], need: [EventID]) throws(PeerFailure) {
        let before = self.known.count
        for id in have where self.known.insert(id).inserted { self.have.append(id) }
        for id in need where self.known.insert(id).inserted { self.need.append(id) }
        self.barrenRounds = self.known.count == before ? self.barrenRounds + 1 : 0
        guard self.barrenRounds <= Self.maximumBarrenRounds else {
            throw .negentropy(reason: "\(self.barrenRounds) messages told nothing new")
        }
        guard self.known.count <= self.maximumIDs else {
            throw .negentropy(reason: "it would be more than \(self.maximumIDs) events at once")
        }
    }
}
