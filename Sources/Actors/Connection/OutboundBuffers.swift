public import NIOCore

/// Buffers that the connections of one event loop write into, one after the other: what is in the processor's cache
/// need not be asked of the allocator and the kernel again.
public struct OutboundBuffers: Sendable {
    /// Buffers that are kept, and the bytes up to which one is.
    private static let kept = (buffers: 2, bytes: 512 << 10)
    private let free: NIOLoopBoundBox<[ByteBuffer]>

    public init(on loop: any EventLoop) { self.free = NIOLoopBoundBox.makeBoxSendingValue([], eventLoop: loop) }

    /// An empty buffer. Call on the loop only.
    func take() -> ByteBuffer { self.free.value.popLast() ?? ByteBuffer() }

    /// Takes a buffer back whose bytes a socket has taken. Call on the loop only.
    func give(_ buffer: consuming ByteBuffer) {
        guard self.free.value.count < Self.kept.buffers, buffer.capacity <= Self.kept.bytes else { return }
        buffer.clear()
        self.free.value.append(buffer)
    }
}
