import Nostr

/// A line of a snapshot: everything that a store holds as a text file, which any backend can be made from again.
///
/// The lines are JSON objects in this order, their members as they stand here, without white space:
///
///     {"martlet":"snapshot","version":2,"backend":"sqlite","created_at":1700000000}
///     {"record":{"section":"member","key":"…","revision":7,"value":{…}}}  see `RecordText`; revisions ascend
///     {"event":{…}}                                                       the seven fields, in canonical form
///     {"deleted_event":{"id":"…","by":"…"}}
///     {"deleted_address":{"kind":30023,"pubkey":"…","d_sha256":"…","until":1700000000}}
///     {"vanished":{"pubkey":"…","until":1700000000}}
///     {"end":{"events":1,"deleted_events":1,"deleted_addresses":1,"vanished":1,"records":1}}
///
/// Only one header, first; only one end, last, with the counts of what stands between them: what has no end, or
/// another one, is not whole. Where no key has vanished the end does not count them, and records neither.
///
/// Version 1 had no records. A section that this build does not know is carried like any other.
public enum SnapshotLine: Hashable, Sendable {
    /// Which backend wrote it, a word of lower-case letters, and when, in seconds since 1970.
    case header(version: Int64 = Self.version, backend: String, createdAt: Int64)
    case item(StoredItem)
    case end(StoreContents)

    /// The version of the format that this build writes; it reads the earlier ones too.
    public static let version: Int64 = 2

    /// Appends the line, without a line feed.
    public func append(to text: inout [UInt8]) {
        switch self {
        case .header(let version, let backend, let createdAt):
            let begin = #"{"martlet":"snapshot","version":\#(version)"#
            text += Array(#"\#(begin),"backend":"\#(backend)","created_at":\#(createdAt)}"#.utf8)
        case .item(.event(let event)):
            text += Array(#"{"event":"#.utf8)
            text += event.json
            text.append(UInt8(ascii: "}"))
        case .item(.deletedEvent(let id, let pubkey)):
            text += Array(#"{"deleted_event":{"id":"\#(id)","by":"\#(pubkey)"}}"#.utf8)
        case .item(.deletedAddress(let kind, let pubkey, let digest, let until)):
            let owner = #""kind":\#(kind),"pubkey":"\#(pubkey)""#
            text += Array(#"{"deleted_address":{\#(owner),"d_sha256":"\#(digest.hex)","until":\#(until)}}"#.utf8)
        case .item(.vanished(let pubkey, let until)):
            text += Array(#"{"vanished":{"pubkey":"\#(pubkey)","until":\#(until)}}"#.utf8)
        case .item(.record(let record)): RecordText.append(record, to: &text)
        case .end(let contents):
            let tombstones =
                #""deleted_events":\#(contents.deletedEvents),"deleted_addresses":\#(contents.deletedAddresses)"#
            let vanished = contents.vanished > 0 ? #","vanished":\#(contents.vanished)"# : ""
            let records = contents.records > 0 ? #","records":\#(contents.records)"# : ""
            text += Array(#"{"end":{"events":\#(contents.events),\#(tombstones)\#(vanished)\#(records)}}"#.utf8)
        }
    }
}
