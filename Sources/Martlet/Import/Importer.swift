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
    private static let batchLines = 2_000

    init(writer: any StoreWriter, judge: ImportJudge, rejects: FileHandle?) {
        self.writer = writer
        self.judge = judge
        self.rejects = rejects
    }

    /// Reads to the end of the file. A bad line never stops it; a database that fails does.
    mutating func run(_ reader: consuming LineReader, progress: (ImportSummary) -> Void) async throws {
        var reader = reader
        let judge = self.judge
        var judged: [(LineReader.Line, ImportJudge.Verdict)] = []
        while true {
            let lines = try reader.next(Self.batchLines)
            async let next = Self.judge(lines, by: judge)
            try self.settle(judged)
            judged = await next
            progress(self.summary)
            if lines.isEmpty { return }
        }
    }

    /// Judges lines on all cores, in their order.
    @concurrent
    private static func judge(
        _ lines: [LineReader.Line],
        by judge: ImportJudge
    ) async -> [(LineReader.Line, ImportJudge.Verdict)] {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let share = max(1, (lines.count + cores - 1) / cores)
        return await withTaskGroup(of: (Int, [ImportJudge.Verdict]).self) { group in
            for start in stride(from: 0, to: lines.count, by: share) {
                let part = lines[start..<min(start + share, lines.count)]
                group.addTask { (start, part.map(judge.judge)) }
            }
            var parts: [Int: [ImportJudge.Verdict]] = [:]
            for await (start, verdicts) in group { parts[start] = verdicts }
            return Array(zip(lines, parts.sorted { $0.key < $1.key }.flatMap(\.value)))
        }
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

    private mutating func count(_ result: SaveResult) {
        for outcome in result.outcomes {
            switch outcome {
            case .stored(let position):
                self.summary.stored += 1
                self.noteOwn(position)
            case .duplicate: self.summary.duplicate += 1
            case .superseded: self.summary.replaced += 1
            case .deleted: self.summary.deleted += 1
            }
        }
        for removed in result.removed {
            guard self.isOwn(removed.position) else {
                self.summary.removedEarlier += 1
                continue
            }
            self.summary.stored -= 1
            switch removed.cause {
            case .replaced: self.summary.replaced += 1
            case .deleted: self.summary.deleted += 1
            case .expired: self.summary.expired += 1
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
