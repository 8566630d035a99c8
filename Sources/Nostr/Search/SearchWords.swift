/// The words of a text as they are searched, in their order, one behind the other in one buffer.
///
/// A word is lower-case, without diacritics, and of at most `Segmenter.maximumLength` scalars. Text of a script that
/// does not part its words, such as Chinese, Japanese, Korean or Thai, is cut into overlapping pairs of characters, and
/// the last character of such a run stands once more for itself: so each character begins a word.
public struct SearchWords: Sendable, Equatable {
    /// The number of these rules; another number asks for another index.
    public static let version = 1
    /// Words of one text that are looked at; what comes behind them is not found.
    public static let maximumCount = 20_000
    /// The same in bytes.
    private static let maximumBytes = 256 << 10

    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    public init() {}

    /// Words and gaps between texts.
    public var count: Int { self.ends.count }
    var isFull: Bool { self.ends.count >= Self.maximumCount || self.bytes.count >= Self.maximumBytes }

    mutating func append(_ word: borrowing [UInt8]) {
        guard !self.isFull else { return }
        self.bytes += word
        self.ends.append(self.bytes.count)
    }

    /// Has no phrase reach over the end of what was appended.
    mutating func endText() {
        if let last = self.ends.last, last > (self.ends.dropLast().last ?? 0) { self.append([]) }
    }

    /// The bytes of a word, UTF-8; none for a gap.
    func word(_ index: Int) -> ArraySlice<UInt8> {
        self.bytes[(index == 0 ? 0 : self.ends[index - 1])..<self.ends[index]]
    }

    /// Each word once, in no order.
    public var distinct: [String] {
        var seen: Set<ArraySlice<UInt8>> = []
        var words: [String] = []
        for index in 0..<self.count {
            let word = self.word(index)
            guard !word.isEmpty, seen.insert(word).inserted else { continue }
            words.append(String(decoding: word, as: UTF8.self))
        }
        return words
    }

    /// Whether the words from `index` on are these, the last of which may go on where `isOpen`.
    func hold(_ phrase: [[UInt8]], isOpen: Bool, at index: Int) -> Bool {
        for (offset, wanted) in phrase.enumerated() {
            let word = self.word(index + offset)
            let isLast = offset == phrase.count - 1
            guard isLast && isOpen ? word.starts(with: wanted) : word.elementsEqual(wanted) else { return false }
        }
        return true
    }
}
