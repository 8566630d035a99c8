import Backends
import Foundation
import Nostr

/// Imports JSON lines: one batch is judged on all cores while the one before it is saved.
struct Importer {
    private let writer: any StoreWriter
    private let judge: ImportJudge
    private let rejects: FileHandle?
    private(set) var summary = ImportSummary()
    /// Positions that this import has filled, in ascending order.
    private var ownPositions: [ClosedRange<Int64>] = []
    /// Lines of one transaction, and their bytes: a transaction writes each page of an index that it touches once.
    private static let batch = (lines: 10_000, bytes: 8 << 20)
    /// Events of those who have vanished that one transaction removes.
    private static let purgedAtOnce = 500

    init(writer: any StoreWriter, judge: ImportJudge, rejects: FileHandle?) {
        self.writer = writer
        self.judge = judge
        self.rejects = rejects
    }

    /// Reads to the end of the file. A bad line never stops it; a database that fails does.
    mutating func run(_ reader: consuming LineReader, progress: (ImportSummary) -> Void) async throws {
        var bench = Bench(reader: reader, judges: Self.judges(like: self.judge))
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
        /// Several for each core, for one core saves most of the time.
        var judges: [ImportJudge]
    }

    private static func judges(like judge: ImportJudge) -> [ImportJudge] {
        [ImportJudge](repeating: judge, count: 8 * ProcessInfo.processInfo.activeProcessorCount)
    }

    /// Reads the next lines and judges them on all cores, in their order.
    @concurrent
    private static func judgeNext(
        _ bench: Bench
    ) async throws -> (judged: [(LineReader.Line, ImportJudge.Verdict)], Bench) {
        var bench = bench
        let lines = try bench.reader.next(Self.batch.lines, bytes: Self.batch.bytes)
        let share = max(1, (lines.count + bench.judges.count - 1) / bench.judges.count)
        typealias Part = (number: Int, verdicts: [ImportJudge.Verdict], judge: ImportJudge)
        let parts = await withTaskGroup(of: Part.self) { group in
            for (number, judge) in bench.judges.enumerated() where number * share < lines.count {
                let part = lines[(number * share)..<min((number + 1) * share, lines.count)]
                group.addTask {
                    var judge = judge
                    return (number, part.map { judge.judge($0) }, judge)
                }
            }
            return await group.reduce(into: [Part]()) { $0.append($1) }.sorted { $0.number < $1.number }
        }
        for part in parts { bench.judges[part.number] = part.judge }
        return (Array(zip(lines, parts.flatMap(\.verdicts))), bench)
    }

    /// Saves what is good and counts everything.
    private mutating func settle(_ judged: [(LineReader.Line, ImportJudge.Verdict)]) throws {
        var events: [Event] = []
        for (line, verdict) in judged {
            self.summary.read += 1
            switch verdict {
            case .event(let event): events.append(event)
            case .expired: self.summary.expired += 1
            case .neverStored: self.summary.neverStored += 1
            case .rejected(let reason):
                self.summary.rejected[reason, default: 0] += 1
                try self.keep(line)
            }
        }
        guard !events.isEmpty else { return }
        self.count(try self.writer.save(events))
    }

    /// Removes what is left of those who have vanished.
    private mutating func purge() throws {
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
