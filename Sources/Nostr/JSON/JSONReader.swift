/// A one-pass reader over JSON text (RFC 8259), strict and without allocation.
///
/// The text must be UTF-8 already (frames and files are checked on their way in, see `UTF8Check`). Decided where the
/// RFC leaves room: half a surrogate pair is an error, a duplicate key is no error and the last one counts, and values
/// nest `maximumDepth` deep at most.
struct JSONReader: ~Escapable {
    static let maximumDepth = 64

    let text: Span<UInt8>
    private(set) var position = 0

    @_lifetime(copy text)
    init(_ text: Span<UInt8>) { self.text = text }

    /// The next byte after white space, or nil at the end; nothing is consumed but the white space.
    mutating func peek() -> UInt8? {
        while self.position < self.text.count {
            let byte = self.text[self.position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            self.position += 1
        }
        return nil
    }

    /// Consumes `byte` if it comes next.
    mutating func take(_ byte: UInt8) -> Bool {
        guard self.peek() == byte else { return false }
        self.position += 1
        return true
    }

    /// Consumes `byte` or fails for `reason`.
    mutating func expect(_ byte: UInt8, else reason: JSONError.Reason = .unexpectedByte) throws(JSONError) {
        guard let next = self.peek() else { throw self.error(.unexpectedEnd) }
        guard next == byte else { throw self.error(reason) }
        self.position += 1
    }

    /// Whether an array or object that was just opened has an element; consumes the closing byte if not.
    mutating func begins(closing: UInt8) throws(JSONError) -> Bool {
        guard let next = self.peek() else { throw self.error(.unexpectedEnd) }
        guard next == closing else { return true }
        self.position += 1
        return false
    }

    /// Whether another element follows; consumes the comma or the closing byte.
    mutating func continues(closing: UInt8) throws(JSONError) -> Bool {
        guard let next = self.peek() else { throw self.error(.unexpectedEnd) }
        guard next == UInt8(ascii: ",") || next == closing else { throw self.error(.unexpectedByte) }
        self.position += 1
        return next != closing
    }

    /// Fails unless nothing but white space is left.
    mutating func expectEnd() throws(JSONError) {
        guard self.peek() == nil else { throw self.error(.trailingBytes) }
    }

    func error(_ reason: JSONError.Reason) -> JSONError { JSONError(offset: self.position, reason: reason) }

    mutating func advance(to position: Int) { self.position = position }
}
