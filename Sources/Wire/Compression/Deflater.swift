import CZlib

/// Deflates messages (RFC 7692 §7.2.1): one serves all connections of an event loop.
///
/// It holds a zlib stream for each window size that it was asked for, and the last message compressed.
/// Actors on the same loop share it through a `NIOLoopBound`.
public final class Deflater {
    private let level: Int
    private var streams: [Int: DeflateStream] = [:]
    /// The message compressed last, kept for its capacity.
    private var compressed: [UInt8] = []
    /// Messages deflated so far.
    private var uses = 0

    /// Makes a deflater of `level` 1 (fastest) to 9 (smallest).
    public init(level: Int = 1) {
        precondition((1...9).contains(level), "A compression level is 1 to 9.")
        self.level = level
    }

    /// Compresses the pieces as one message without its last four bytes, in a fresh context; `windowBits` is 9 to 15.
    func deflate(
        _ first: Span<UInt8>,
        _ second: Span<UInt8> = Span(),
        _ third: Span<UInt8> = Span(),
        windowBits: Int
    ) -> [UInt8] {
        var run = DeflateRun()
        return self.deflate(first, second, third, windowBits: windowBits, run: &run)
    }

    /// Compresses the pieces like the other `deflate`, in the context of the run if its last message was this
    /// deflater's last.
    func deflate(
        _ first: Span<UInt8>,
        _ second: Span<UInt8> = Span(),
        _ third: Span<UInt8> = Span(),
        windowBits: Int,
        run: inout DeflateRun
    ) -> [UInt8] {
        // Nothing after a flush flushes nothing; the empty block that is asked for leaves every context as it is.
        guard first.count + second.count + third.count > 0 else { return [0x00] }
        let stream = self.stream(windowBits: windowBits)
        if run.lastUse != self.uses { stream.reset() }
        self.uses += 1
        run.lastUse = self.uses
        self.compressed.removeAll(keepingCapacity: true)
        stream.write(first, to: &self.compressed)
        stream.write(second, to: &self.compressed)
        stream.write(third, to: &self.compressed)
        stream.flush(to: &self.compressed)
        self.compressed.removeLast(4)
        return self.compressed
    }

    private func stream(windowBits: Int) -> DeflateStream {
        if let stream = self.streams[windowBits] { return stream }
        let stream = DeflateStream(level: self.level, windowBits: windowBits)
        self.streams[windowBits] = stream
        return stream
    }
}
