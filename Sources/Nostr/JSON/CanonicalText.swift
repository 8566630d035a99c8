/// Strings in the escaped form in which Martlet keeps, compares, hashes and sends them.
///
/// It is NIP-01's: seven characters have two-letter escapes; the other control characters are written `\u00xx`, as
/// nearly every client does; all else stays raw. The form is unique, so two strings are equal if their escaped bytes
/// are.
enum CanonicalText {
    /// Appends the canonical form of the JSON string at `token` (without quotes) to `output`.
    static func append(_ token: StringToken, of text: Span<UInt8>, to output: inout [UInt8]) {
        let range = token.range
        guard token.hasEscapes else {
            output.append(text.extracting(range))
            return
        }
        var position = range.lowerBound
        while position < range.upperBound {
            let plain = text.endOfPlainBytes(from: position)
            output.append(text.extracting(position..<plain))
            guard plain < range.upperBound else { return }
            position = Self.rewriteEscape(of: text, at: plain, to: &output)
        }
    }

    /// Appends the canonical form of a string (without quotes).
    static func append(_ string: some StringProtocol, to output: inout [UInt8]) {
        let isPlain = string.utf8.withContiguousStorageIfAvailable { bytes in
            bytes.span.endOfPlainBytes(from: 0) == bytes.count
        }
        if isPlain == true { return output.append(contentsOf: string.utf8) }
        for byte in string.utf8 {
            if byte < 0x20 || byte == 0x22 || byte == 0x5C {
                Self.append(UInt32(byte), to: &output)
            } else {
                output.append(byte)
            }
        }
    }

    /// The string that canonical bytes stand for.
    static func decode(_ canonical: Span<UInt8>) -> String {
        String(decoding: Self.unescape(canonical), as: UTF8.self)
    }

    /// The UTF-8 that canonical bytes stand for.
    static func unescape(_ canonical: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(canonical.count)
        var position = 0
        while position < canonical.count {
            let byte = canonical[position]
            guard byte == UInt8(ascii: "\\"), position + 1 < canonical.count else {
                bytes.append(byte)
                position += 1
                continue
            }
            let (scalar, next) = Self.scalar(of: canonical, at: position)
            bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            position = next
        }
        return bytes
    }

    /// Rewrites the valid escape sequence at `offset`; returns the offset after it.
    private static func rewriteEscape(of text: Span<UInt8>, at offset: Int, to output: inout [UInt8]) -> Int {
        let (scalar, next) = Self.scalar(of: text, at: offset)
        Self.append(scalar.value, to: &output)
        return next
    }

    /// The scalar that the escape sequence at `offset` stands for, and the offset after it.
    private static func scalar(of text: Span<UInt8>, at offset: Int) -> (Unicode.Scalar, Int) {
        switch text[offset + 1] {
        case UInt8(ascii: "n"): return ("\n", offset + 2)
        case UInt8(ascii: "r"): return ("\r", offset + 2)
        case UInt8(ascii: "t"): return ("\t", offset + 2)
        case UInt8(ascii: "b"): return ("\u{8}", offset + 2)
        case UInt8(ascii: "f"): return ("\u{C}", offset + 2)
        case UInt8(ascii: "u"):
            guard let unit = UnicodeEscape.codeUnit(text, at: offset + 2) else { return ("\u{FFFD}", offset + 2) }
            if let scalar = Unicode.Scalar(unit) { return (scalar, offset + 6) }
            guard let low = UnicodeEscape.codeUnit(text, at: offset + 8), low & 0xFC00 == 0xDC00 else {
                return ("\u{FFFD}", offset + 6)
            }
            let value = 0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(low & 0x3FF))
            return (Unicode.Scalar(value) ?? "\u{FFFD}", offset + 12)
        case let byte: return (Unicode.Scalar(byte), offset + 2)
        }
    }

    /// Appends one scalar, escaped where the form asks for it.
    private static func append(_ scalar: UInt32, to output: inout [UInt8]) {
        switch scalar {
        case 0x0A: output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
        case 0x22: output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "\"")])
        case 0x5C: output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "\\")])
        case 0x0D: output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
        case 0x09: output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
        case 0x08: output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "b")])
        case 0x0C: output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "f")])
        case 0..<0x20:
            output.append(contentsOf: "\\u00".utf8)
            Hex.append(CollectionOfOne(UInt8(scalar)), to: &output)
        default:
            guard let scalar = Unicode.Scalar(scalar) else { return }
            output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }
}
