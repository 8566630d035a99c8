import NIOCore
import NIOWebSocket

/// The WebSocket to another relay: whole messages in both directions, on the event loop that the socket lives on.
///
/// The socket is read only when what came before has been taken, so a relay that sends much waits for its client.
public actor PeerSocket {
    public nonisolated let unownedExecutor: UnownedSerialExecutor
    private nonisolated let channel: any Channel
    private var inbox: [[UInt8]] = []
    /// Why nothing more will come, once that is known.
    private var ending: PeerFailure?
    private var waiter: CheckedContinuation<Void, Never>?
    private var alarm: Scheduled<Void>?
    /// Bytes of all messages, without frames.
    public private(set) var traffic = (sent: 0, received: 0)

    init(_ channel: any Channel) {
        self.channel = channel
        self.unownedExecutor = channel.eventLoop.executor.asUnownedSerialExecutor()
    }

    /// Sends text messages; whoever sends keeps count of what is unanswered.
    public func send(_ messages: [[UInt8]]) throws(PeerFailure) {
        if let ending { throw ending }
        for message in messages {
            self.traffic.sent += message.count
            self.write(.text, ByteBuffer(bytes: message))
        }
        self.channel.flush()
    }

    /// What has arrived since the last call, at least one message, in order.
    ///
    /// - Throws: where nothing comes in time, or nothing more at all.
    public func receive(within seconds: Int64) async throws(PeerFailure) -> [[UInt8]] {
        if self.inbox.isEmpty, self.ending == nil { await self.arrival(within: seconds) }
        if !self.inbox.isEmpty {
            let messages = self.inbox
            self.inbox = []
            self.channel.read()
            return messages
        }
        throw self.ending ?? (Task.isCancelled ? .stopped : .silent(seconds: seconds))
    }

    /// Ends the connection: a Close frame, and a second for the other side's.
    public func close() async {
        if self.ending == nil {
            var code = ByteBuffer()
            code.write(webSocketErrorCode: .normalClosure)
            self.write(.connectionClose, code)
            self.channel.flush()
            self.channel.read()
            self.inbox = []
            await self.arrival(within: 1)
        }
        try? await self.channel.close()
    }

    private func arrival(within seconds: Int64) async {
        self.alarm = self.channel.eventLoop.scheduleTask(in: .seconds(seconds)) { self.assumeIsolated { $0.wake() } }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { continuation.resume() } else { self.waiter = continuation }
            }
        } onCancel: {
            Task { await self.wake() }
        }
        self.alarm?.cancel()
        self.alarm = nil
    }

    private func wake() {
        self.waiter?.resume()
        self.waiter = nil
    }

    private func write(_ opcode: WebSocketOpcode, _ payload: ByteBuffer) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: payload)
        self.channel.write(frame, promise: nil)
    }
}

/// What the channel's handler calls, on the loop.
extension PeerSocket {
    func start() { self.channel.read() }

    func receive(_ frame: WebSocketFrame) {
        guard self.ending == nil else { return }
        switch frame.opcode {
        case .text, .binary:
            let message = [UInt8](frame.unmaskedData.readableBytesView)
            self.traffic.received += message.count
            self.inbox.append(message)
        case .ping:
            self.write(.pong, frame.unmaskedData)
            self.channel.flush()
        case .connectionClose:
            var payload = frame.unmaskedData
            let code = payload.readInteger(as: UInt16.self)
            let reason = ForeignText.shown(String(buffer: payload))
            self.end(.closed(code: code, reason: reason))
        default: break
        }
    }

    /// After a burst: wakes who waits, or reads on where there was nothing to take.
    func receiveComplete() {
        if self.inbox.isEmpty, self.ending == nil { self.channel.read() } else { self.wake() }
    }

    func end(_ failure: PeerFailure) {
        self.ending = self.ending ?? failure
        self.wake()
    }
}
