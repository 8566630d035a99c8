public import NIOCore
import Wire

/// The zlib streams of one event loop, made when the first connection needs them; no connection has one of its own.
public struct LoopCompression: Sendable {
    private let streams: NIOLoopBoundBox<Streams>

    private final class Streams {
        lazy var inflater = Inflater()
        lazy var deflater = Deflater()
    }

    public init(on loop: any EventLoop) {
        self.streams = NIOLoopBoundBox.makeBoxSendingValue(Streams(), eventLoop: loop)
    }

    /// Call on the loop only.
    var inflater: Inflater { self.streams.value.inflater }
    /// Call on the loop only.
    var deflater: Deflater { self.streams.value.deflater }
}
