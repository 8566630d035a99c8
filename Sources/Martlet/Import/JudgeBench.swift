import Foundation

/// Judges on all cores, each of which keeps the keys that it has met.
struct JudgeBench: Sendable {
    /// Several for each core, for one core saves most of the time.
    private var judges: [ImportJudge]

    init(like judge: ImportJudge) {
        self.judges = [ImportJudge](repeating: judge, count: 8 * ProcessInfo.processInfo.activeProcessorCount)
    }

    /// The verdicts on items, in their order.
    mutating func verdicts<Item: Sendable>(
        of items: [Item],
        _ judge: @escaping @Sendable (inout ImportJudge, Item) -> ImportJudge.Verdict
    ) async -> [ImportJudge.Verdict] {
        let share = max(1, (items.count + self.judges.count - 1) / self.judges.count)
        typealias Part = (number: Int, verdicts: [ImportJudge.Verdict], judge: ImportJudge)
        let parts = await withTaskGroup(of: Part.self) { group in
            for (number, bench) in self.judges.enumerated() where number * share < items.count {
                let part = items[(number * share)..<min((number + 1) * share, items.count)]
                group.addTask {
                    var bench = bench
                    return (number, part.map { judge(&bench, $0) }, bench)
                }
            }
            return await group.reduce(into: [Part]()) { $0.append($1) }.sorted { $0.number < $1.number }
        }
        for part in parts { self.judges[part.number] = part.judge }
        return parts.flatMap(\.verdicts)
    }
}
