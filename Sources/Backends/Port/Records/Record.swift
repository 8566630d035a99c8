/// A fact that operators and members have put on record, such as a membership, a ban or an invitation.
public struct Record: Sendable, Hashable {
    /// What sort of fact it is, a word; each section says what its keys and values are.
    public let section: String
    /// Names it within its section.
    public let key: String
    /// JSON; nil where it was struck off, which those who follow the section have to hear of.
    public let value: [UInt8]?
    /// Grows with every change of any record, by whomever; no two have the same.
    public let revision: Int64

    public init(section: String, key: String, value: [UInt8]?, revision: Int64) {
        self.section = section
        self.key = key
        self.value = value
        self.revision = revision
    }
}
