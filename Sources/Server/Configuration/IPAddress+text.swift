extension IPAddress {
    /// - Throws: `InvalidText` where the text is not four decimal numbers up to 255.
    static func v4Bits(_ text: Substring) throws(InvalidText) -> UInt32 {
        var rest = text
        var bits: UInt32 = 0
        for position in 0..<4 {
            guard position == 0 || rest.take("."), let octet = try? rest.takeWholeNumber(), octet <= 255 else {
                throw InvalidText("it is not an IP address")
            }
            bits = bits << 8 | UInt32(octet)
        }
        guard rest.isEmpty else { throw InvalidText("it is not an IP address") }
        return bits
    }

    /// The 128 bits of an IPv6 address, mapped IPv4 or not.
    ///
    /// - Throws: `InvalidText` where the text has none of the forms of RFC 4291, 2.2.
    static func v6Bits(_ text: Substring) throws(InvalidText) -> UInt128 {
        guard text.utf8.count <= 45 else { throw InvalidText("it is not an IP address") }
        guard let gap = text.firstRange(of: "::") else {
            let groups = try groups(text, mayEndInV4: true)
            guard groups.count == 8 else { throw InvalidText("it is not an IP address") }
            return bits(of: groups)
        }
        let head = try groups(text[..<gap.lowerBound], mayEndInV4: false)
        let tail = try groups(text[gap.upperBound...], mayEndInV4: true)
        guard head.count + tail.count <= 7 else { throw InvalidText("it is not an IP address") }
        return bits(of: head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    static func v4Text(_ bits: UInt128) -> String {
        [24, 16, 8, 0].map { "\(bits >> $0 & 0xff)" }.joined(separator: ".")
    }

    /// RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as `::`.
    static func v6Text(_ bits: UInt128) -> String {
        let groups = stride(from: 112, through: 0, by: -16).map { UInt16(truncatingIfNeeded: bits >> $0) }
        let gap = longestZeros(in: groups)
        let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard gap.count >= 2 else { return text(groups[...]) }
        return text(groups[..<gap.lowerBound]) + "::" + text(groups[gap.upperBound...])
    }

    private static func bits(of groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    private static func groups(_ text: Substring, mayEndInV4: Bool) throws(InvalidText) -> [UInt16] {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if mayEndInV4, index == parts.count - 1, part.contains(".") {
                let octets = try v4Bits(part)
                groups += [UInt16(truncatingIfNeeded: octets >> 16), UInt16(truncatingIfNeeded: octets)]
            } else {
                let isHexadecimal = part.utf8.count <= 4 && part.allSatisfy { $0.isASCII && $0.isHexDigit }
                guard isHexadecimal, let group = UInt16(part, radix: 16) else {
                    throw InvalidText("it is not an IP address")
                }
                groups.append(group)
            }
        }
        return groups
    }

    private static func longestZeros(in groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 {
                start = index + 1
            } else if index + 1 - start > longest.count {
                longest = start..<(index + 1)
            }
        }
        return longest
    }
}
