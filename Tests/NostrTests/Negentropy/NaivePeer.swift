import TestSupport

@testable import Nostr

/// A second implementation of the protocol, written from its text: plain arrays, no sums, its own idea of how ranges
/// are split.
struct NaivePeer {
    struct Fault: Error {}
    typealias Edge = (time: UInt64, id: [UInt8])

    let items: [(time: UInt64, id: [UInt8])]
    /// Parts that a range is split into, and records up to which it is told whole.
    let parts: Int
    let told: Int

    init(_ items: [NegentropyItem], parts: Int, told: Int) {
        self.items = items.map { ($0.timestamp, $0.id.bytes.array) }.sorted { Self.isBefore($0, $1) }
        self.parts = parts
        self.told = told
    }

    static func isBefore(_ lhs: Edge, _ rhs: Edge) -> Bool {
        lhs.time == rhs.time ? lhs.id.lexicographicallyPrecedes(rhs.id) : lhs.time < rhs.time
    }

    /// The definition, word by word: byte after byte with carry.
    static func fingerprint(_ ids: [[UInt8]]) -> [UInt8] {
        var sum = [UInt8](repeating: 0, count: 32)
        for id in ids {
            var carry = 0
            for index in 0..<32 {
                let total = Int(sum[index]) + Int(id[index]) + carry
                sum[index] = UInt8(total & 255)
                carry = total >> 8
            }
        }
        return Array(SHA256.digest(sum + Self.varint(UInt64(ids.count))).array.prefix(16))
    }

    static func varint(_ number: UInt64) -> [UInt8] {
        var digits = [UInt8(number & 127)]
        var rest = number >> 7
        while rest > 0 {
            digits.insert(UInt8(rest & 127) | 128, at: 0)
            rest >>= 7
        }
        return digits
    }

    /// The first message, in one range.
    func first() -> [UInt8] {
        var time: UInt64 = 0
        return [0x61] + self.split(self.items, to: (.max, []), &time)
    }

    /// The next message; nil where there is nothing more to say.
    func answer(
        to message: [UInt8],
        isInitiator: Bool,
        have: inout Set<[UInt8]>,
        need: inout Set<[UInt8]>
    ) throws -> [UInt8]? {
        var input = message[...]
        guard input.popFirst() == 0x61 else { throw Fault() }
        var (lower, time, outTime) = ((time: 0, id: []) as Edge, UInt64(0), UInt64(0))
        var output: [UInt8] = [0x61]
        var skip: Edge?
        func flush() {
            if let edge = skip { output += self.bound(edge, &outTime) + [0] }
            skip = nil
        }
        while !input.isEmpty {
            let upper = try Self.readBound(&input, &time)
            let mine = self.items.filter { !Self.isBefore($0, lower) && Self.isBefore($0, upper) }
            switch try Self.readVarint(&input) {
            case 0: skip = upper
            case 1:
                let theirs = Array(input.prefix(16))
                input = input.dropFirst(16)
                if theirs == Self.fingerprint(mine.map(\.id)) {
                    skip = upper
                } else {
                    flush()
                    output += self.split(mine, to: upper, &outTime)
                }
            case 2:
                var theirs: Set<[UInt8]> = []
                for _ in 0..<(try Self.readVarint(&input)) {
                    theirs.insert(Array(input.prefix(32)))
                    input = input.dropFirst(32)
                }
                if isInitiator {
                    have.formUnion(Set(mine.map(\.id)).subtracting(theirs))
                    need.formUnion(theirs.subtracting(mine.map(\.id)))
                    skip = upper
                } else {
                    flush()
                    output += self.list(mine, to: upper, &outTime)
                }
            default: throw Fault()
            }
            lower = upper
        }
        return output.count == 1 ? nil : output
    }

    private func split(_ mine: [Edge], to upper: Edge, _ time: inout UInt64) -> [UInt8] {
        guard mine.count > max(self.told, self.parts) else { return self.list(mine, to: upper, &time) }
        var output: [UInt8] = []
        let cuts = (0...self.parts).map { $0 * mine.count / self.parts }
        for (start, end) in zip(cuts, cuts.dropFirst()) {
            // The whole id where only its beginning is asked for is allowed, too.
            let edge = end == mine.count ? upper : mine[end]
            output += self.bound(edge, &time) + [1] + Self.fingerprint(mine[start..<end].map(\.id))
        }
        return output
    }

    private func list(_ mine: [Edge], to upper: Edge, _ time: inout UInt64) -> [UInt8] {
        self.bound(upper, &time) + [2] + Self.varint(UInt64(mine.count)) + mine.flatMap(\.id)
    }

    private func bound(_ edge: Edge, _ time: inout UInt64) -> [UInt8] {
        let encoded = edge.time == .max ? 0 : edge.time - time + 1
        time = edge.time
        return Self.varint(encoded) + Self.varint(UInt64(edge.id.count)) + edge.id
    }

    static func readVarint(_ input: inout ArraySlice<UInt8>) throws -> UInt64 {
        var number: UInt64 = 0
        while let byte = input.popFirst() {
            number = number << 7 | UInt64(byte & 127)
            if byte < 128 { return number }
        }
        throw Fault()
    }

    static func readBound(_ input: inout ArraySlice<UInt8>, _ time: inout UInt64) throws -> Edge {
        let encoded = try Self.readVarint(&input)
        time = encoded == 0 ? .max : time + encoded - 1
        let length = Int(try Self.readVarint(&input))
        defer { input = input.dropFirst(length) }
        return (time, Array(input.prefix(length)) + [UInt8](repeating: 0, count: 32 - length))
    }
}
