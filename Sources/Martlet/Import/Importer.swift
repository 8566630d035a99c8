import Actors
import Backends
import Foundation
import Nostr
import Server

/// Imports JSON lines: one batch is judged on all cores while the one before it is saved.
struct Importer {
    private let writer: any StoreWriter
    private let judge: ImportJudge
    private let rejects: FileHandle?
    private var bans: BanReader?
    private(set) var summary = ImportSummary()
    /// Positions that this import has filled, in ascending order.
    private var ownPositions: [ClosedRange<Int64>] = []
    /// Lines of one transaction, and their bytes: a transaction writes each page of an index that it touches once.
    private static let batch = (lines: 10_000, bytes: 8 << 20)
    /// Events of those who have vanished that one transaction removes.
    private static let purgedAtOnce = 500

    /// - Parameter bans: what the relay's admins have banned; nil where that does not matter.
    init(writer: any StoreWriter, judge: ImportJudge, rejects: FileHandle? = nil, bans: BanReader? = nil) {
        self.writer = writer
        self.bans = bans
        self.judge = judge
        self.rejects = rejects
    }

    /// Reads to the end of the file. A bad line never stops it; a database that fails does.
    mutating func run(_ reader: consuming LineReader, progress: (ImportSummary) -> Void) async throws {
        var bench = Bench(reader: reader, judges: JudgeBench(like: self.judge))
        var judged: [(LineReader.Line, ImportJudge.Verdict)] = []
        while true {
            let current = bench
            async let next = Self.judgeNext(current)
            try self.settle(judged)
            // A relay that runs beside has its turn.
            if !judged.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            (judged, bench) = try await next
            progress(self.summary)
            if judged.isEmpty { return try self.purge() }
        }
    }

    /// What reads and judges the next batch while the last one is saved.
    private struct Bench: Sendable {
        var reader: LineReader
        var judges: JudgeBench
    }

    /// Reads the next lines and judges them on all cores, in their order.
    @concurrent
    private static func judgeNext(
        _ bench: Bench
    ) async throws -> (judged: [(LineReader.Line, ImportJudge.Verdict)], Bench) {
        var bench = bench
        let lines = try bench.reader.next(Self.batch.lines, bytes: Self.batch.bytes)
        let verdicts = await bench.judges.verdicts(of: lines) { $0.judge($1) }
        return (Array(zip(lines, verdicts)), bench)
    }

    /// Saves what is good and counts everything.
    private mutating func settle(_ judged: [(LineReader.Line, ImportJudge.Verdict)]) throws {
        let verdicts = try self.moderated(judged.map(\.1))
        for (verdict, line) in zip(verdicts, judged.lazy.map(\.0)) {
            if case .rejected = verdict { try self.keep(line) }
        }
        try self.save(verdicts)
    }

    /// Saves what is good and counts everything, where nobody wants to see what is rejected.
    mutating func settle(_ verdicts: [ImportJudge.Verdict]) throws { try self.save(self.moderated(verdicts)) }

    /// Rejects what is banned, but for requests to vanish.
    private mutating func moderated(_ verdicts: [ImportJudge.Verdict]) throws -> [ImportJudge.Verdict] {
        guard let moderation = try self.bans?.moderation() else { return verdicts }
        return verdicts.map { verdict in
            guard case .event(let event) = verdict, event.kind != .vanish,
                let refusal = moderation.refusal(of: event)
            else { return verdict }
            return .rejected(reason: refusal.text)
        }
    }

    private mutating func save(_ verdicts: [ImportJudge.Verdict]) throws {
        var events: [Event] = []
        for verdict in verdicts {
            self.summary.read += 1
            switch verdict {
            case .event(let event): events.append(event)
            case .expired: self.summary.expired += 1
            case .neverStored: self.summary.neverStored += 1
            case .rejected(let reason): self.summary.rejected[reason, default: 0] += 1
            }
        }
        guard !events.isEmpty else { return }
        self.count(try self.writer.save(events))
    }

    /// Removes what is left of those who have vanished.
    mutating func purge() throws {
        var isComplete = false
        while !isComplete {
            let purged = try self.writer.purgeVanished(atMost: Self.purgedAtOnce)
            self.count(purged.removed)
            isComplete = purged.isComplete
        }
    }

    private mutating func count(_ result: SaveResult) {
        for outcome in result.outcomes {
            switch outcome {
            case .stored(let position):
                self.summary.stored += 1
                self.noteOwn(position.row)
            case .duplicate: self.summary.duplicate += 1
            case .superseded: self.summary.replaced += 1
            case .failed: self.summary.rejected["refused by the database", default: 0] += 1
            case .deleted: self.summary.deleted += 1
            case .vanished: self.summary.vanished += 1
            }
        }
        self.count(result.removed)
    }

    private mutating func count(_ removed: [RemovedEvent]) {
        for removed in removed {
            guard self.isOwn(removed.row) else {
                self.summary.removedEarlier += 1
                continue
            }
            self.summary.stored -= 1
            switch removed.cause {
            case .replaced: self.summary.replaced += 1
            case .deleted: self.summary.deleted += 1
            case .expired: self.summary.expired += 1
            case .vanished: self.summary.vanished += 1
            }
        }
    }

    private mutating func noteOwn(_ position: Int64) {
        if let last = self.ownPositions.last, last.upperBound + 1 == position {
            self.ownPositions[self.ownPositions.count - 1] = last.lowerBound...position
        } else {
            self.ownPositions.append(position...position)
        }
    }

    private func isOwn(_ position: Int64) -> Bool {
        var low = 0
        var high = self.ownPositions.count
        while low < high {
            let middle = (low + high) / 2
            if self.ownPositions[middle].upperBound < position { low = middle + 1 } else { high = middle }
        }
        return low < self.ownPositions.count && self.ownPositions[low].contains(position)
    }

    private func keep(_ line: LineReader.Line) throws {
        guard let rejects, case .text(let bytes) = line else { return }
        try rejects.write(contentsOf: Data(bytes + [UInt8(ascii: "\n")]))
    }
}
