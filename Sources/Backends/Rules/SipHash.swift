import Nostr

/// SipHash-2-4 with a 128-bit key (Aumasson and Bernstein, 2012): stable on disk, and not to be collided by strangers.
struct SipHash: Sendable {
    let key: (UInt64, UInt64)

    init(key: (UInt64, UInt64)) { self.key = key }

    /// A key as a database keeps it; nil where it has not 16 bytes.
    init?(key bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.init(key: (Self.word(bytes[0..<8]), Self.word(bytes[8..<16])))
    }

    /// Eight bytes, the lowest first.
    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The hash of `letter` followed by `value`.
    func hash(letter: UInt8, value: Span<UInt8>) -> UInt64 {
        var state = State(key: self.key)
        let count = value.count + 1
        let raw = value.bytes
        // The letter is the lowest byte of the first word; what follows is shifted by one.
        var carried = UInt64(letter)
        var carriedBits: UInt64 = 8
        var position = 0
        while position + 8 <= value.count {
            let word = raw.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian
            state.absorb(carried | word << carriedBits)
            carried = word >> (64 - carriedBits)
            position += 8
        }
        while position < value.count {
            carried |= UInt64(value[position]) << carriedBits
            carriedBits += 8
            position += 1
            if carriedBits == 64 {
                state.absorb(carried)
                (carried, carriedBits) = (0, 0)
            }
        }
        state.absorb(carried | UInt64(truncatingIfNeeded: count) << 56)
        return state.finish()
    }

    private struct State {
        var v0, v1, v2, v3: UInt64

        init(key: (UInt64, UInt64)) {
            self.v0 = key.0 ^ 0x736F_6D65_7073_6575
            self.v1 = key.1 ^ 0x646F_7261_6E64_6F6D
            self.v2 = key.0 ^ 0x6C79_6765_6E65_7261
            self.v3 = key.1 ^ 0x7465_6462_7974_6573
        }

        mutating func absorb(_ word: UInt64) {
            self.v3 ^= word
            self.round()
            self.round()
            self.v0 ^= word
        }

        mutating func finish() -> UInt64 {
            self.v2 ^= 0xFF
            for _ in 0..<4 { self.round() }
            return self.v0 ^ self.v1 ^ self.v2 ^ self.v3
        }

        private mutating func round() {
            self.v0 &+= self.v1
            self.v1 = self.v1 << 13 | self.v1 >> 51
            self.v1 ^= self.v0
            self.v0 = self.v0 << 32 | self.v0 >> 32
            self.v2 &+= self.v3
            self.v3 = self.v3 << 16 | self.v3 >> 48
            self.v3 ^= self.v2
            self.v0 &+= self.v3
            self.v3 = self.v3 << 21 | self.v3 >> 43
            self.v3 ^= self.v0
            self.v2 &+= self.v1
            self.v1 = self.v1 << 17 | self.v1 >> 47
            self.v1 ^= self.v2
            self.v2 = self.v2 << 32 | self.v2 >> 32
        }
    }
}

extension SipHash {
    /// What the tag index has a key's `p` tag under.
    func recipientHash(of key: PublicKey) -> Int64 {
        let value = Array(key.hex.utf8)
        return Int64(bitPattern: self.hash(letter: UInt8(ascii: "p"), value: value.span))
    }

    /// The distinct hashes that an event stands under in the tag index.
    func tagHashes(of event: Event) -> Set<Int64> {
        var hashes: Set<Int64> = []
        for tag in event.indexedTags {
            hashes.insert(Int64(bitPattern: self.hash(letter: tag.letter, value: event.canonicalValue(of: tag))))
        }
        return hashes
    }
}
