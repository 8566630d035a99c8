import Nostr
import Peers

/// Reads what another relay has of some filters, newest first, and stores it.
struct Downloader {
    private var subscriber: Subscriber
    private(set) var intake: EventIntake
    /// One for each filter; those before the first that has something left are finished.
    private(set) var walks: [DownloadWalk]

    init(_ peer: Peer, _ intake: EventIntake, filters: [Filter]) {
        self.subscriber = Subscriber(peer)
        self.intake = intake
        self.walks = filters.map { DownloadWalk($0) }
    }

    /// The filters that go on where this stands.
    var rest: [Filter] { self.walks.compactMap(\.rest) }

    /// Seconds of which the relay gives only a part.
    var crowdedSeconds: Int { self.walks.reduce(0) { $0 + $1.crowdedSeconds.count } }

    /// Reads to the end of all filters.
    mutating func run(progress: (ImportSummary) -> Void) async throws {
        do {
            for index in self.walks.indices { try await self.walk(index, progress) }
        } catch {
            // What was read of a page that has no end is good for all that.
            try await self.intake.settle()
            throw error
        }
        try await self.intake.finish()
    }

    private mutating func walk(_ index: Int, _ progress: (ImportSummary) -> Void) async throws {
        while let request = self.walks[index].request {
            var walk = self.walks[index]
            var intake = self.intake
            defer { self.intake = intake }
            let ending = try await self.subscriber.request([request]) { json in
                let isNew = Self.take(json, &walk, &intake)
                if intake.isFull {
                    try await intake.settle()
                    progress(intake.summary)
                }
                return isNew
            }
            if case .refused(let text) = ending, !walk.isOptional {
                throw PeerFailure.refused(text: ForeignText.shown(text))
            }
            try walk.endPage()
            self.walks[index] = walk
            progress(intake.summary)
        }
    }

    private static func take(_ json: [UInt8], _ walk: inout DownloadWalk, _ intake: inout EventIntake) -> Bool {
        switch Event.received(json) {
        case .failure(let rejection): intake.reject(rejection.reason)
        case .success(let event):
            switch walk.take(event) {
            case .new:
                intake.take(event)
                return true
            case .seen: break
            case .unasked: intake.reject("the event was not asked for")
            }
        }
        return false
    }
}
