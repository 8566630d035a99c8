/// One side of a range-based set reconciliation (NIP-77, "Negentropy Protocol V1"): the initiator learns which ids it
/// has and the responder lacks, and which it needs. Neither side remembers anything but its records between messages.
public struct Negentropy<Items: NegentropySet>: Sendable {
    /// The least frame in which each message makes progress, in bytes.
    public static var leastFrameBytes: Int { 4_096 }

    public let items: Items
    private let frameBytes: Int

    /// What the initiator learns from a message, and what it says next; nothing when all is known.
    public typealias Findings = (answer: [UInt8]?, have: [EventID], need: [EventID])

    /// - Parameter frameBytes: what a message of this side has at most; zero for any number, and `leastFrameBytes` for
    ///   less.
    public init(_ items: Items, frameBytes: Int = 0) {
        self.items = items
        self.frameBytes = frameBytes == 0 ? 0 : max(frameBytes, Self.leastFrameBytes)
    }

    /// The initiator's first message.
    public func initiate() -> [UInt8] {
        var answer = NegentropyAnswer(self.items, frameBytes: self.frameBytes)
        answer.split(0..<self.items.count, to: .infinity)
        return answer.bytes
    }

    /// What the initiator learns from a message of the responder: `have` is what the responder lacks, `need` what it
    /// has beyond the initiator's records.
    ///
    /// Where frames are limited an id may come again in a later message: what did not fit is summed up together with
    /// what lies behind it, and some of that may be known. A responder that lies may answer for ever: callers count.
    public func reconcile(_ message: [UInt8]) throws(NegentropyError) -> Findings {
        var reader = NegentropyReader(message)
        let version = try reader.readByte()
        guard version == NegentropyWriter.version else { throw .unsupportedVersion(version) }
        var findings = Findings(nil, [], [])
        let answer = try self.walk(&reader) { (range, theirs, bound, answer) in
            self.compare(range, with: theirs, &findings)
            answer.skip(to: bound)
        }
        if !answer.isEmpty { findings.answer = answer.bytes }
        return findings
    }

    /// The responder's answer to a message. A version that it does not know is answered with its own, one byte.
    public func respond(to message: [UInt8]) throws(NegentropyError) -> [UInt8] {
        var reader = NegentropyReader(message)
        guard try reader.readByte() == NegentropyWriter.version else { return [NegentropyWriter.version] }
        return try self.walk(&reader) { (range, _, bound, answer) in answer.tell(range, to: bound) }.bytes
    }

    /// What is done with the other side's ids in a range: our records in it, the ids, where it ends, and the answer.
    private typealias Listing = (Range<Int>, NegentropyIDs, NegentropyBound, inout NegentropyAnswer<Items>) -> Void

    /// Goes through the ranges of a message, up to its end or that of the answer's room.
    private func walk(
        _ reader: inout NegentropyReader,
        _ list: Listing
    ) throws(NegentropyError) -> NegentropyAnswer<Items> {
        var answer = NegentropyAnswer(self.items, frameBytes: self.frameBytes)
        var start = 0
        while !reader.isAtEnd, !answer.isFull {
            let bound = try reader.readBound()
            let mode = try reader.readNumber()
            let end = self.items.firstIndex(notBefore: bound, from: start)
            switch UInt8(exactly: mode).flatMap(NegentropyWriter.Mode.init) {
            case .skip: answer.skip(to: bound)
            case .fingerprint where try reader.readFingerprint() == self.items.fingerprint(of: start..<end):
                answer.skip(to: bound)
            case .fingerprint: answer.split(start..<end, to: bound)
            case .ids: list(start..<end, try reader.readIDs(), bound, &answer)
            case nil: throw .unknownMode(mode)
            }
            start = end
        }
        return answer
    }

    /// Notes what one side has and the other has not.
    private func compare(_ range: Range<Int>, with listed: NegentropyIDs, _ findings: inout Findings) {
        let ids = listed.all
        var theirs = Set(ids)
        for index in range {
            let id = self.items[index].id
            if theirs.remove(id) == nil { findings.have.append(id) }
        }
        for id in ids where theirs.remove(id) != nil { findings.need.append(id) }
    }
}
