import Glibc

/// One WebSocket of a run: what is to be sent, and what has arrived in part.
final class Connection {
    let socket: Int32
    /// Whether bytes wait that the system did not take; its poller tells when it will.
    private(set) var isBlocked = false
    var reader = FrameReader()
    private var output: [UInt8] = []
    private var sent = 0
    private var keys: SeededGenerator

    init(socket: Int32, seed: UInt64) {
        self.socket = socket
        self.keys = SeededGenerator(seed: seed)
    }

    deinit { close(self.socket) }

    /// Keeps a frame for the next `flush`.
    func write(_ payload: Span<UInt8>, as opcode: ClientFrame.Opcode = .text) {
        ClientFrame.append(opcode, payload, key: UInt32(truncatingIfNeeded: self.keys.next()), to: &self.output)
    }

    /// Sends what the system takes.
    func flush() throws(BenchFailure) {
        while self.sent < self.output.count {
            let count = self.output.withUnsafeBytes { bytes in
                send(
                    self.socket,
                    bytes.baseAddress?.advanced(by: self.sent),
                    bytes.count - self.sent,
                    Int32(MSG_NOSIGNAL)
                )
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN || errno == EWOULDBLOCK {
                self.isBlocked = true
                return
            }
            guard count >= 0 else { throw BenchFailure("the relay closed the connection: \(SystemError.last)") }
            self.sent += count
        }
        self.isBlocked = false
        self.sent = 0
        // An idle connection is to cost little here too: there may be thousands.
        if self.output.capacity > 1 << 16 { self.output = [] } else { self.output.removeAll(keepingCapacity: true) }
    }
}
