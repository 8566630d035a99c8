/// A frame as a client would put it on the wire, right or wrong.
struct ClientFrame {
    /// How the payload's length is written.
    enum LengthForm {
        case shortest, sixteenBits, sixtyFourBits
    }

    /// FIN, the reserved bits and the opcode.
    var first: UInt8
    var payload: [UInt8]
    /// The masking key; nil leaves the mask out.
    var key: [UInt8]? = [0x37, 0xFA, 0x21, 0x3D]
    var lengthForm = LengthForm.shortest
    /// A length to claim instead of the payload's.
    var claimedBytes: UInt64?

    init(_ first: UInt8, _ payload: [UInt8] = []) {
        self.first = first
        self.payload = payload
    }

    init(_ first: UInt8, _ text: String) {
        self.init(first, Array(text.utf8))
    }

    init(_ first: UInt8, claimingBytes: UInt64) {
        self.init(first)
        self.claimedBytes = claimingBytes
    }

    var bytes: [UInt8] {
        let length = self.claimedBytes ?? UInt64(self.payload.count)
        let maskBit: UInt8 = self.key == nil ? 0 : 0x80
        var bytes = [self.first]
        switch self.lengthForm {
        case .shortest where length <= 125:
            bytes.append(maskBit | UInt8(length))
        case .shortest where length <= 0xFFFF, .sixteenBits:
            bytes.append(maskBit | 126)
            bytes += [UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length)]
        case .shortest, .sixtyFourBits:
            bytes.append(maskBit | 127)
            bytes += (0..<8).reversed().map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        }
        guard let key = self.key else { return bytes + self.payload }
        return bytes + key + self.payload.enumerated().map { $1 ^ key[$0 % 4] }
    }
}

extension Array where Element == ClientFrame {
    /// The frames one after the other.
    var bytes: [UInt8] { self.flatMap(\.bytes) }
}

/// Turns frames of a server into those that a client would have sent.
func masked(_ frames: [UInt8]) -> [UInt8] {
    var rest = frames[...]
    var masked: [UInt8] = []
    while rest.count >= 2 {
        let start = rest.startIndex
        let form = rest[start + 1]
        let headerBytes = form == 127 ? 10 : form == 126 ? 4 : 2
        let extended = rest[(start + 2)..<(start + headerBytes)].reduce(0) { $0 << 8 | Int($1) }
        let payloadBytes = headerBytes == 2 ? Int(form) : extended
        masked += [rest[start], form | 0x80] + rest[(start + 2)..<(start + headerBytes)] + [0, 0, 0, 0]
        masked += rest[(start + headerBytes)..<(start + headerBytes + payloadBytes)]
        rest = rest[(start + headerBytes + payloadBytes)...]
    }
    return masked
}
