import Backends
import Foundation
import Nostr
import Peers

/// Compares this relay's events with another's, window by window, and moves what differs.
struct Synchronizer {
    enum Direction: String, CaseIterable, Sendable { case both, down, up }

    private let peer: Peer
    private let reader: any StoreReader
    private let direction: Direction
    private let isDry: Bool
    private var subscriber: Subscriber
    private var own: OwnEvents
    private(set) var intake: EventIntake
    private(set) var uploader: Uploader
    private(set) var counts = SyncCounts()
    /// Events that are asked for, or looked up, at once.
    private static let batchEvents = 200

    /// - Parameter isDry: whether to compare and move nothing.
    init(
        _ peer: Peer,
        _ reader: any StoreReader,
        _ own: OwnEvents,
        _ intake: EventIntake,
        _ direction: Direction,
        isDry: Bool
    ) {
        self.peer = peer
        self.reader = reader
        self.own = own
        self.direction = direction
        self.isDry = isDry
        self.intake = intake
        self.subscriber = Subscriber(peer)
        self.uploader = Uploader(peer)
    }

    /// Events that are their authors' alone to send.
    var protected: Int { self.own.protected }

    /// Brings both sides to the same state, as far as the direction goes.
    mutating func run(_ filters: [Filter], progress: (Synchronizer) -> Void) async throws {
        for filter in filters {
            var agenda = SyncAgenda(since: filter.since, until: filter.until)
            while let window = agenda.next {
                var windowed = filter
                windowed.since = window.since > 0 || filter.since != nil ? window.since : nil
                windowed.until = window.until
                try await self.compare(&windowed, &agenda, progress)
            }
        }
    }

    private mutating func compare(
        _ filter: inout Filter,
        _ agenda: inout SyncAgenda,
        _ progress: (Synchronizer) -> Void
    ) async throws {
        let own = try OwnSet(filter, self.reader)
        if let until = own.until { filter.until = until }
        switch try await self.negotiate(filter, own) {
        case .tooMany(let text):
            // What was cut short is split as a whole: the rest may be as crowded.
            let now = Int64(Date().timeIntervalSince1970)
            guard agenda.split(middle: own.middle, now: now) else {
                throw PeerFailure.negentropy(reason: "not even one second of it is compared: \(text)")
            }
        case .found(let differences):
            self.counts.compared += own.items.count
            self.counts.toGet += differences.need.count
            self.counts.toGive += differences.have.count
            progress(self)
            if !self.isDry { try await self.move(differences, filter, progress) }
            agenda.finish(upTo: filter.until)
        }
    }

    private mutating func negotiate(_ filter: Filter, _ own: OwnSet) async throws -> Comparison.Outcome {
        let before = await self.peer.traffic
        self.counts.comparisons += 1
        let isKnownToWork = self.counts.roundTrips > 0
        var comparison = Comparison(self.peer, number: self.counts.comparisons, isKnownToWork: isKnownToWork)
        let outcome = try await comparison.run(filter, NegentropyVector(own.items))
        let after = await self.peer.traffic
        self.counts.sentBytes += after.sent - before.sent
        self.counts.receivedBytes += after.received - before.received
        self.counts.roundTrips += comparison.roundTrips
        return outcome
    }

    private mutating func move(
        _ differences: Differences,
        _ filter: Filter,
        _ progress: (Synchronizer) -> Void
    ) async throws {
        if self.direction != .up {
            let matcher = Matcher(filter)
            for ids in differences.need.batches(of: Self.batchEvents) {
                try await self.get(ids, matcher)
                progress(self)
            }
            try await self.intake.finish()
        }
        if self.direction != .down {
            for ids in differences.have.batches(of: Self.batchEvents) {
                try await self.give(ids)
                progress(self)
            }
            try await self.uploader.finish()
        }
    }

    private mutating func get(_ ids: [EventID], _ matcher: Matcher) async throws {
        var request = Filter()
        request.ids = ids
        request.limit = ids.count
        var missing = Set(ids)
        var intake = self.intake
        defer { self.intake = intake }
        let ending = try await self.subscriber.request([request]) { json in
            switch Event.received(json) {
            case .failure(let rejection): intake.reject(rejection.reason)
            case .success(let event) where missing.remove(event.id) == nil:
                intake.reject("the event was not asked for")
            case .success(let event) where !matcher.matches(event):
                intake.reject("the event does not match the filter")
            case .success(let event):
                intake.take(event)
                if intake.isFull { try await intake.settle() }
                return true
            }
            return false
        }
        if case .refused(let text) = ending { throw PeerFailure.refused(text: ForeignText.shown(text)) }
        self.counts.withheld += missing.count
    }

    private mutating func give(_ ids: [EventID]) async throws {
        var lookup = Filter()
        lookup.ids = ids
        var uploader = self.uploader
        defer { self.uploader = uploader }
        try await self.own.forEach([lookup]) { try await uploader.send($0) }
    }
}

extension Array {
    /// Slices of so many elements, the last one shorter.
    fileprivate func batches(of count: Int) -> [[Element]] {
        stride(from: 0, to: self.count, by: count).map { Array(self[$0..<Swift.min($0 + count, self.count)]) }
    }
}
