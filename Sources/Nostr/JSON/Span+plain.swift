extension Span<UInt8> {
    /// The first offset at or after `start` that holds a quote, a backslash or a control character, or the end; eight
    /// bytes a step.
    func endOfPlainBytes(from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        let raw = self.bytes
        var position = start
        while position + 8 <= raw.byteCount {
            let word = raw.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian
            let quotes = word ^ (ones &* 0x22)
            let backslashes = word ^ (ones &* 0x5C)
            var found = (word &- ones &* 0x20) & ~word
            found |= (quotes &- ones) & ~quotes
            found |= (backslashes &- ones) & ~backslashes
            found &= tops
            guard found == 0 else { return position + found.trailingZeroBitCount / 8 }
            position += 8
        }
        while position < self.count {
            let byte = self[position]
            guard byte >= 0x20, byte != 0x22, byte != 0x5C else { return position }
            position += 1
        }
        return position
    }
}
