import Actors
import NIOCore
import NIOHTTP1
import NIOWebSocket
import Wire

/// What becomes of a connection to the relay's port.
enum Negotiated: Sendable {
    /// A WebSocket.
    case socket
    /// Plain HTTP; an answer where the request was a handshake that is refused.
    case http(HTTPConversation.Parts, HTTPRequestHead, refusal: HTTPAnswer?)
}

/// Turns a channel into a WebSocket connection of the relay, if handshake and rate limiter agree.
final class WebSocketUpgrader: NIOTypedHTTPServerProtocolUpgrader, Sendable {
    typealias UpgradeResult = Negotiated

    let supportedProtocol = "websocket"
    let requiredUpgradeHeaders: [String] = []
    private let doors: Doors
    private let attempt: NIOLoopBoundBox<UpgradeAttempt>
    /// Computes the answer's headers; its frame codec is not used.
    private let responder: NIOTypedWebSocketServerUpgrader<Negotiated>

    init(_ doors: Doors, attempt: NIOLoopBoundBox<UpgradeAttempt>) {
        self.doors = doors
        self.attempt = attempt
        self.responder = NIOTypedWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeFailedFuture(Refused()) }
        )
    }

    /// The handshake was refused; the answer is in the attempt.
    private struct Refused: Error {}

    func buildUpgradeResponse(
        channel: any Channel,
        upgradeRequest: HTTPRequestHead,
        initialResponseHeaders: HTTPHeaders
    ) -> EventLoopFuture<HTTPHeaders> {
        let settings = self.doors.settings.current
        let compression: PermessageDeflate?
        switch Handshake.judge(upgradeRequest, compression: settings.compression) {
        case .refused(let answer): return self.refuse(answer, channel)
        case .accepted(let agreed): compression = agreed
        }
        let client = ClientAddress.resolve(
            peer: channel.remoteAddress,
            forwardedFor: upgradeRequest.headers["x-forwarded-for"],
            realIP: upgradeRequest.headers["x-real-ip"].first,
            trusted: settings.trustedProxies
        )
        guard !settings.blockList.contains(client: client) else {
            let page = ErrorPage(
                status: 403,
                title: "Blocked",
                sentence: "This relay takes no connections from your address."
            )
            return self.refuse(.refusal(page), channel)
        }
        self.attempt.value.client = client
        let address = ClientAddress.limitKey(client)
        let admission = channel.eventLoop.makeFutureWithTask { [doors] in
            await doors.limiter.admit(address, now: doors.clock.seconds)
        }
        return admission.flatMap { admission in
            if case .refused(let reason) = admission { return self.refuse(self.doors.answer(reason), channel) }
            // Whatever becomes of the handshake: what was counted in is counted out when the channel is gone.
            channel.closeFuture.whenComplete { [doors = self.doors] _ in
                Task { await doors.limiter.release(address) }
            }
            self.attempt.value.admitted = .some(compression)
            return self.responder.buildUpgradeResponse(
                channel: channel,
                upgradeRequest: upgradeRequest,
                initialResponseHeaders: initialResponseHeaders
            ).map { headers in
                var headers = headers
                if let compression { headers.add(name: "Sec-WebSocket-Extensions", value: compression.headerValue) }
                return headers
            }
        }
    }

    func upgrade(channel: any Channel, upgradeRequest: HTTPRequestHead) -> EventLoopFuture<Negotiated> {
        channel.eventLoop.makeCompletedFuture {
            guard let compression = self.attempt.value.admitted else { throw Refused() }
            let client = self.attempt.value.client
            // The address may have been blocked since: then nobody but this would close the connection.
            guard !self.doors.settings.current.blockList.contains(client: client) else { throw Refused() }
            let connection = self.doors.makeConnection(channel, compression, client: client)
            let operations = channel.pipeline.syncOperations
            let recorder = try operations.handler(type: FirstRequestRecorder.self)
            operations.removeHandler(recorder, promise: nil)
            try operations.addHandler(SocketHandler(connection))
            return .socket
        }
    }

    private func refuse(_ answer: HTTPAnswer, _ channel: any Channel) -> EventLoopFuture<HTTPHeaders> {
        self.attempt.value.refusal = answer
        return channel.eventLoop.makeFailedFuture(Refused())
    }
}
