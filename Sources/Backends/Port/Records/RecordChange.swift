/// What is to become of one record.
public struct RecordChange: Sendable, Hashable {
    public enum Act: Sendable, Hashable {
        /// Puts a value, JSON, on record, in place of the one that is there.
        case put([UInt8])
        /// Takes it off; those who follow the section hear of it.
        case strike
        /// Takes it away without a trace, for sections that nobody follows.
        case erase
    }

    /// What must hold before, or nothing at all is changed.
    public enum Condition: Sendable, Hashable {
        case none
        /// There is no such record.
        case absent
        /// The record is as it was when this revision of it was read.
        case revision(Int64)
    }

    public let section: String
    public let key: String
    public let act: Act
    public let condition: Condition

    /// - Parameters:
    ///   - section: a word.
    ///   - key: any text without zero characters.
    public init(_ act: Act, section: String, key: String, if condition: Condition = .none) {
        self.section = section
        self.key = key
        self.act = act
        self.condition = condition
    }

    /// Whether the condition holds for what is there.
    func mayApply(to record: Record?) -> Bool {
        let standing = record.flatMap { $0.value == nil ? nil : $0 }
        switch self.condition {
        case .none: return true
        case .absent: return standing == nil
        case .revision(let revision): return standing?.revision == revision
        }
    }
}

/// What became of changes that belong together.
public enum RecordOutcome: Sendable, Hashable {
    /// All of them are made and durable; the last one has this revision.
    case applied(revision: Int64)
    /// The condition of the change with this index does not hold; none was made.
    case refused(index: Int)
}
