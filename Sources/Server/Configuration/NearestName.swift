/// The name that somebody may have meant who wrote another one.
struct NearestName: Hashable, Sendable, CustomStringConvertible {
    /// The closest of the candidates; the first of them where several are equally close.
    let name: String
    /// Whether it is close enough to be what was meant.
    let isLikely: Bool

    /// - Parameters:
    ///   - text: What was written.
    ///   - candidates: The names that exist; without any the nearest is empty.
    init(to text: String, among candidates: [String]) {
        let written = Array(text.utf8.prefix(Self.longest))
        var best = (name: "", distance: Int.max)
        for candidate in candidates {
            let distance = Self.distance(from: written, to: Array(candidate.utf8))
            if distance < best.distance { best = (candidate, distance) }
        }
        name = best.name
        isLikely = best.distance <= max(2, written.count / 3)
    }

    /// The end of a sentence about the name that was written.
    var description: String {
        isLikely ? "did you mean \(name)?" : "the nearest is \(name)."
    }

    /// How much of a text is compared, in bytes.
    private static let longest = 100
    /// What it costs to find the name in another section.
    private static let otherSection = 2

    /// The number of edits between two paths, or, where it is less, between their last names.
    private static func distance(from written: [UInt8], to candidate: [UInt8]) -> Int {
        let dot = UInt8(ascii: ".")
        let lastWritten = written.split(separator: dot).last ?? []
        let lastOfCandidate = candidate.split(separator: dot).last ?? []
        return min(
            edits(written, candidate),
            edits(Array(lastWritten), Array(lastOfCandidate)) + otherSection
        )
    }

    /// The least number of bytes to insert, remove, replace or exchange with their neighbour.
    private static func edits(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...second.count)
        for (row, byte) in first.enumerated() {
            var current = [row + 1]
            for (column, other) in second.enumerated() {
                var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (byte == other ? 0 : 1))
                if row > 0, column > 0, byte == second[column - 1], first[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[second.count]
    }
}
