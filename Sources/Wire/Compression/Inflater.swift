import CZlib

/// Inflates messages (RFC 7692 §7.2.2): one serves all connections of an event loop, for each message is given the
/// context that its client may refer back to.
///
/// It holds one zlib stream of about 40 KiB. Actors on the same loop share it through a `NIOLoopBound`.
public final class Inflater {
    private let stream: UnsafeMutablePointer<z_stream>

    /// Prepares the stream.
    public init() {
        self.stream = .allocate(capacity: 1)
        self.stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(self.stream, -MAX_WBITS, ZLIB_VERSION, size) == Z_OK else {
            preconditionFailure("zlib has no memory for an inflating stream or is not the version built against.")
        }
    }

    deinit {
        inflateEnd(self.stream)
        self.stream.deinitialize(count: 1)
        self.stream.deallocate()
    }

    /// Inflates a whole message of at most 2^31 - 1 bytes; no more than `maxBytes` + 1 bytes are ever held.
    ///
    /// - Parameter context: the end, at most 32 KiB, of what the same client sent before.
    /// - Throws: `ProtocolViolation` with 1009 for a message longer than `maxBytes`, 1007 for one that is corrupt or
    ///   does not end as RFC 7692 §7.2.1 has it end, 1011 when zlib lacks memory.
    func inflate(
        _ compressed: [UInt8],
        after context: [UInt8] = [],
        maxBytes: Int
    ) throws(ProtocolViolation) -> [UInt8] {
        // Strictly an empty message is the one byte 0x00; there are clients that send none.
        guard !compressed.isEmpty else { return [] }
        inflateReset(self.stream)
        if !context.isEmpty, inflateSetDictionary(self.stream, context, UInt32(context.count)) != Z_OK {
            throw .compressionUnavailable
        }
        var message: [UInt8] = []
        message.reserveCapacity(min(max(256, compressed.count * 4), maxBytes + 1))
        try self.feed(compressed, to: &message, maxBytes: maxBytes)
        try self.feed(Self.tail, to: &message, maxBytes: maxBytes)
        guard self.isBetweenBlocks else { throw .truncatedCompression }
        return message
    }

    /// What the sender stripped: the length fields of an empty block without compression.
    private static let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]

    /// Whether the last input byte ended a block: zlib reports no unused bits and the flag for an end of block.
    private var isBetweenBlocks: Bool {
        self.stream.pointee.data_type & 0xBF == 128
    }

    private func feed(
        _ compressed: [UInt8],
        to message: inout [UInt8],
        maxBytes: Int
    ) throws(ProtocolViolation) {
        try compressed.withUnsafeBufferPointer { input throws(ProtocolViolation) in
            self.stream.pointee.next_in = input.baseAddress
            self.stream.pointee.avail_in = UInt32(input.count)
            repeat {
                if message.count == message.capacity {
                    message.reserveCapacity(min(message.capacity * 2, maxBytes + 1))
                }
                let space = min(message.capacity, maxBytes + 1) - message.count
                try self.step(adding: space, to: &message)
                guard message.count <= maxBytes else { throw .tooBig(maxMessageBytes: maxBytes) }
            } while self.stream.pointee.avail_in > 0 || self.stream.pointee.avail_out == 0
        }
    }

    /// Lets zlib run until it lacks input or has filled `space` bytes, or a final block has ended.
    private func step(adding space: Int, to message: inout [UInt8]) throws(ProtocolViolation) {
        var status = Z_OK
        message.append(addingCapacity: space) { output in
            output.withUnsafeMutableBufferPointer { free, initializedCount in
                self.stream.pointee.next_out = free.baseAddress
                self.stream.pointee.avail_out = UInt32(space)
                status = CZlib.inflate(self.stream, Z_NO_FLUSH)
                initializedCount = space - Int(self.stream.pointee.avail_out)
            }
        }
        switch status {
        case Z_OK: break
        case Z_BUF_ERROR where self.stream.pointee.avail_in == 0: break
        case Z_STREAM_END:
            // Blocks may follow a final one and refer back across it (RFC 7692 §7.2.3.4): the window stays.
            inflateResetKeep(self.stream)
        case Z_MEM_ERROR: throw .compressionUnavailable
        default: throw .corruptCompression
        }
    }
}
