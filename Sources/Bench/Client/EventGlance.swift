/// The two fields of an event that a load generator looks at, wherever in the object they stand.
struct EventGlance: Equatable {
    /// The first eight bytes of the id.
    var id: UInt64?
    /// Seconds since 1970.
    var createdAt: Int64?
}

extension EventGlance {
    /// Looks at the object that begins at `start`, no further than to the field that is missing.
    init(_ message: Span<UInt8>, at start: Int, needsTime: Bool) {
        var scanner = AnswerScanner(message, at: start)
        guard scanner.skip(UInt8(ascii: "{")) else { return }
        while let key = scanner.string(), scanner.skip(UInt8(ascii: ":")) {
            let name = message.extracting(key)
            if name.isEqual(to: "id") {
                var value = scanner
                self.id = value.string().flatMap { AnswerScanner.hexPrefix(message, at: $0) }
            } else if name.isEqual(to: "created_at") {
                var value = scanner
                self.createdAt = value.number()
            }
            if self.id != nil, !needsTime || self.createdAt != nil { return }
            guard scanner.skipValue(), scanner.skip(UInt8(ascii: ",")) else { return }
        }
    }
}
