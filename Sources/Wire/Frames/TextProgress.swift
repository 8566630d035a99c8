/// How far a text that is still arriving was found to be UTF-8, so that it is refused at its first wrong byte and no
/// byte is looked at often (RFC 6455 §8.1).
struct TextProgress: Sendable {
    /// Bytes at the front that are whole scalars.
    private var checkedBytes = 0

    /// Whether `text`, which has grown since the last call, can still become UTF-8.
    mutating func mayBecomeText(_ text: [UInt8]) -> Bool {
        let unchecked = text.span.extracting(self.checkedBytes...)
        let open = Self.openBytes(at: unchecked)
        guard Self.isText(unchecked.extracting(droppingLast: open)) else { return false }
        self.checkedBytes = text.count - open
        return Self.mayBegin(text.span.extracting(last: open))
    }

    /// Whether `text`, which has grown to its end, is UTF-8.
    func isText(_ text: [UInt8]) -> Bool { Self.isText(text.span.extracting(self.checkedBytes...)) }

    private static func isText(_ bytes: Span<UInt8>) -> Bool { (try? UTF8Span(validating: bytes)) != nil }

    /// How many bytes at the end, 0 to 3, belong to a scalar of which more is to come.
    private static func openBytes(at text: Span<UInt8>) -> Int {
        for count in 0..<min(3, text.count) {
            let byte = text[text.count - 1 - count]
            guard UTF8.isContinuation(byte) else { return self.length(after: byte) > count + 1 ? count + 1 : 0 }
        }
        return 0
    }

    /// The length of a scalar that begins with this byte; 1 also where none does.
    private static func length(after byte: UInt8) -> Int {
        switch byte {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }

    /// Whether an open scalar's second byte, if it is there, may stand after the first one (Unicode, table 3-7).
    private static func mayBegin(_ scalar: Span<UInt8>) -> Bool {
        guard scalar.count > 1 else { return true }
        switch scalar[0] {
        case 0xE0: return scalar[1] >= 0xA0
        case 0xED: return scalar[1] < 0xA0
        case 0xF0: return scalar[1] >= 0x90
        case 0xF4: return scalar[1] < 0x90
        default: return true
        }
    }
}
