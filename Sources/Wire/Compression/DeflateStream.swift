import CZlib

/// A raw DEFLATE stream of zlib that appends to an array.
final class DeflateStream {
    /// zlib's measure of its tables, 1 to 9: on events of some 1,000 bytes 6 compresses as well as 9, in less memory.
    private static let memoryLevel: Int32 = 6
    /// The room given to zlib at each turn.
    private static let stepBytes = 1024

    private let stream: UnsafeMutablePointer<z_stream>

    /// Makes a stream of `level` 1 to 9 with a window of 2^`windowBits` bytes, 9 to 15.
    init(level: Int, windowBits: Int) {
        self.stream = .allocate(capacity: 1)
        self.stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        let status = deflateInit2_(
            self.stream,
            Int32(level),
            Z_DEFLATED,
            Int32(-windowBits),
            Self.memoryLevel,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            size
        )
        guard status == Z_OK else {
            preconditionFailure("zlib has no memory for a deflating stream or is not the version built against.")
        }
    }

    deinit {
        deflateEnd(self.stream)
        self.stream.deinitialize(count: 1)
        self.stream.deallocate()
    }

    /// Forgets all that was written.
    func reset() {
        deflateReset(self.stream)
    }

    /// Takes `bytes` in; what of it is ready is appended to `compressed`.
    func write(_ bytes: Span<UInt8>, to compressed: inout [UInt8]) {
        bytes.withUnsafeBufferPointer { input in
            self.stream.pointee.next_in = input.baseAddress
            self.stream.pointee.avail_in = UInt32(input.count)
            while self.stream.pointee.avail_in > 0 {
                self.step(Z_NO_FLUSH, to: &compressed)
            }
        }
    }

    /// Appends all that is outstanding and an empty block without compression, whose last four bytes are 00 00 ff ff.
    func flush(to compressed: inout [UInt8]) {
        repeat {
            self.step(Z_SYNC_FLUSH, to: &compressed)
        } while self.stream.pointee.avail_out == 0
    }

    private func step(_ mode: Int32, to compressed: inout [UInt8]) {
        var status = Z_OK
        compressed.append(addingCapacity: Self.stepBytes) { output in
            output.withUnsafeMutableBufferPointer { free, initializedCount in
                self.stream.pointee.next_out = free.baseAddress
                self.stream.pointee.avail_out = UInt32(Self.stepBytes)
                status = deflate(self.stream, mode)
                initializedCount = Self.stepBytes - Int(self.stream.pointee.avail_out)
            }
        }
        guard status == Z_OK || status == Z_BUF_ERROR else {
            preconditionFailure("zlib deflates whatever it is given, unless its stream was overwritten.")
        }
    }
}
