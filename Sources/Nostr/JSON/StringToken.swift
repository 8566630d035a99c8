/// A string in JSON text: the bytes between its quotes, as they stand.
struct StringToken: Equatable {
    let range: Range<Int>
    let hasEscapes: Bool

    /// Calls `body` with the bytes that the string stands for.
    func withBytes<Result>(in text: Span<UInt8>, _ body: (Span<UInt8>) -> Result) -> Result {
        let bytes = text.extracting(self.range)
        guard self.hasEscapes else { return body(bytes) }
        let plain = CanonicalText.unescape(bytes)
        return body(plain.span)
    }

    /// The string, cut to a length that an answer can repeat.
    func excerpt(of text: Span<UInt8>) -> String {
        self.withBytes(in: text) { bytes in
            String(decoding: Array(bytes.extracting(first: min(bytes.count, 32))), as: UTF8.self)
        }
    }
}
