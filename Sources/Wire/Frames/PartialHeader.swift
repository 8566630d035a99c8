import NIOCore

/// The bytes of a header that has not wholly arrived: the only input a decoder keeps as it came.
struct PartialHeader: Sendable {
    private var bytes = InlineArray<14, UInt8>(repeating: 0)
    private var byteCount = 0

    var isEmpty: Bool { self.byteCount == 0 }

    /// Takes a header from the kept bytes and the front of `input`, or keeps all that is there and returns nil.
    mutating func complete(from input: inout ByteBuffer) throws(ProtocolViolation) -> FrameHeader? {
        if self.isEmpty, let header = try FrameHeader(parsing: input.readableBytesSpan) {
            input.moveReaderIndex(forwardBy: header.headerBytes)
            return header
        }
        let keptBytes = self.byteCount
        self.keep(input.readableBytesSpan)
        guard let header = try FrameHeader(parsing: self.bytes.span.bytes.extracting(first: self.byteCount)) else {
            input.moveReaderIndex(to: input.writerIndex)
            return nil
        }
        self.byteCount = 0
        input.moveReaderIndex(forwardBy: header.headerBytes - keptBytes)
        return header
    }

    private mutating func keep(_ fresh: RawSpan) {
        let taken = min(fresh.byteCount, FrameHeader.maxBytes - self.byteCount)
        for offset in 0..<taken {
            self.bytes[self.byteCount + offset] = fresh.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
        }
        self.byteCount += taken
    }
}
