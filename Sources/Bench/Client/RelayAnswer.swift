/// What a relay says, as far as a load generator has to understand it; ranges and places are those of the message.
enum RelayAnswer: Equatable {
    /// The first eight bytes of the id, whether it was taken, and the reason between its quotes.
    case ok(id: UInt64, isAccepted: Bool, reason: Range<Int>)
    /// The event object begins at this place.
    case event(start: Int)
    case endOfStored(subscription: Range<Int>)
    case closed(subscription: Range<Int>, reason: Range<Int>)
    case notice(text: Range<Int>)
    /// AUTH, COUNT and whatever else there may be.
    case other

    /// Reads a message; nil where it is no array that begins with a string.
    init?(_ message: Span<UInt8>) {
        var scanner = AnswerScanner(message)
        guard scanner.skip(UInt8(ascii: "[")), let verb = scanner.string() else { return nil }
        switch Verb(message.extracting(verb)) {
        case .ok:
            guard scanner.skip(UInt8(ascii: ",")), let id = scanner.string(),
                let prefix = AnswerScanner.hexPrefix(message, at: id), scanner.skip(UInt8(ascii: ","))
            else { return nil }
            let isAccepted = scanner.next == UInt8(ascii: "t")
            guard isAccepted || scanner.next == UInt8(ascii: "f"), scanner.skipValue() else { return nil }
            self = .ok(id: prefix, isAccepted: isAccepted, reason: scanner.lastString)
        case .event:
            guard scanner.skip(UInt8(ascii: ",")), scanner.string() != nil, scanner.skip(UInt8(ascii: ",")) else {
                return nil
            }
            self = .event(start: scanner.position)
        case .endOfStored:
            guard scanner.skip(UInt8(ascii: ",")), let subscription = scanner.string() else { return nil }
            self = .endOfStored(subscription: subscription)
        case .closed:
            guard scanner.skip(UInt8(ascii: ",")), let subscription = scanner.string() else { return nil }
            self = .closed(subscription: subscription, reason: scanner.lastString)
        case .notice: self = .notice(text: scanner.lastString)
        case nil: self = .other
        }
    }

    private enum Verb {
        case ok, event, endOfStored, closed, notice

        /// Looks at two letters and the length, for this is done once a message.
        init?(_ word: Span<UInt8>) {
            guard word.count >= 2 else { return nil }
            switch (word[0], word[1], word.count) {
            case (UInt8(ascii: "O"), UInt8(ascii: "K"), 2): self = .ok
            case (UInt8(ascii: "E"), UInt8(ascii: "V"), 5): self = .event
            case (UInt8(ascii: "E"), UInt8(ascii: "O"), 4): self = .endOfStored
            case (UInt8(ascii: "C"), UInt8(ascii: "L"), 6): self = .closed
            case (UInt8(ascii: "N"), UInt8(ascii: "O"), 6): self = .notice
            default: return nil
            }
        }
    }
}
