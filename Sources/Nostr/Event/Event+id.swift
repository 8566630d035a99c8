extension Event {
    /// Whether the id is the SHA-256 of `[0,pubkey,created_at,kind,tags,content]` (NIP-01).
    ///
    /// The NIP has control characters beyond its seven stand verbatim, nearly every client writes them as `\u00xx`: an
    /// id computed either way is good.
    var hasCanonicalID: Bool {
        let tags = self.json.span.extracting(self.tagsRange)
        let content = self.json.span.extracting(self.contentRange)
        if self.hash(tags: tags, content: content) == self.id.bytes { return true }
        guard let verbatimTags = Self.verbatim(tags), let verbatimContent = Self.verbatim(content) else { return false }
        guard verbatimTags.count + verbatimContent.count < tags.count + content.count else { return false }
        return self.hash(tags: verbatimTags.span, content: verbatimContent.span) == self.id.bytes
    }

    private func hash(tags: Span<UInt8>, content: Span<UInt8>) -> Bytes32 {
        var number: [UInt8] = []
        number.reserveCapacity(32)
        number.append(UInt8(ascii: ","))
        number.append(decimal: self.createdAt)
        number.append(UInt8(ascii: ","))
        number.append(decimal: Int64(self.kind.rawValue))
        number.append(UInt8(ascii: ","))
        var hash = SHA256()
        hash.update(#"[0,""#)
        self.json.span.extracting(Self.pubkeyRange).withUnsafeBytes { hash.update($0) }
        hash.update(#"""#)
        hash.update(number)
        tags.withUnsafeBytes { hash.update($0) }
        hash.update(#",""#)
        content.withUnsafeBytes { hash.update($0) }
        hash.update(#""]"#)
        return hash.finalize()
    }

    /// Canonical text with its `\u00xx` escapes replaced by the bytes that they stand for.
    private static func verbatim(_ canonical: Span<UInt8>) -> [UInt8]? {
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
            if canonical[position + 1] == UInt8(ascii: "u") {
                guard let unit = UnicodeEscape.codeUnit(canonical, at: position + 2) else { return nil }
                bytes.append(UInt8(truncatingIfNeeded: unit))
                position += 6
            } else {
                bytes.append(byte)
                bytes.append(canonical[position + 1])
                position += 2
            }
        }
        return bytes
    }

    /// Where the pubkey's digits stand in canonical JSON: `{"id":"` and 64 digits, `","pubkey":"` and 64 digits.
    static let idRange = 7..<71
    static let authorRange = 83..<147
    static let pubkeyRange = 83..<147
}
