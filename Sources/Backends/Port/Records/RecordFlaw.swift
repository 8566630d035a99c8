import Nostr

/// Why something is no record that one store may hand to another; the description goes behind what holds it.
public enum RecordFlaw: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line is cut off, or is no JSON, or has other members than a record, or is not in canonical form.
    case form
    case section
    case key
    case value
    case revision

    /// Bytes of the longest word that names a section.
    static let maximumSectionBytes = 64
    /// Bytes of the longest key, which an index of either backend has room for.
    static let maximumKeyBytes = 2_048
    static let maximumValueBytes = 16 << 20
    /// What JSON numbers hold everywhere; changes that follow never come to the end of 64 bits.
    static let maximumRevision: Int64 = 1 << 53

    public var description: String {
        switch self {
        case .form: "holds a record that is cut off, or is not in the form in which they are written"
        case .section: "holds a record whose section is no word of at most \(Self.maximumSectionBytes) letters"
        case .key: "holds a record whose key is no text of at most \(Self.maximumKeyBytes) bytes"
        case .value: "holds a record whose value is no JSON, or has more than \(Self.maximumValueBytes) bytes"
        case .revision: "holds a record whose revision is no number from 1 to \(Self.maximumRevision)"
        }
    }
}

extension Record {
    /// The first thing about it for which it is not handed over; nil where there is none.
    var flaw: RecordFlaw? {
        let section = self.section.utf8
        let isWord = section.allSatisfy { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "_") }
        guard isWord, (1...RecordFlaw.maximumSectionBytes).contains(section.count) else { return .section }
        guard self.key.utf8.count <= RecordFlaw.maximumKeyBytes, !self.key.utf8.contains(0) else { return .key }
        guard self.value?.count ?? 0 <= RecordFlaw.maximumValueBytes else { return .value }
        guard (1...RecordFlaw.maximumRevision).contains(self.revision) else { return .revision }
        return nil
    }

    /// A row of a table, or nil where it is damaged.
    ///
    /// - Parameter key: UTF-8.
    init?(section: [UInt8], key: [UInt8], value: [UInt8]?, revision: Int64) {
        guard UTF8Check.isValid(section.span), UTF8Check.isValid(key.span) else { return nil }
        let (word, name) = (String(decoding: section, as: UTF8.self), String(decoding: key, as: UTF8.self))
        self.init(section: word, key: name, value: value, revision: revision)
        guard self.flaw == nil else { return nil }
    }
}
