import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

extension PeerSocket {
    /// Connects, encrypts where the address says so, and opens the WebSocket (RFC 6455 §4.1).
    static func open(
        _ address: PeerAddress,
        trust: PeerTrust,
        limits: PeerLimits,
        on group: any EventLoopGroup
    ) async throws(PeerFailure) -> PeerSocket {
        let tls = address.isSecure ? try trust.makeContext() : nil
        let loop = group.next()
        let opened = loop.makePromise(of: PeerSocket.self)
        let alarm = loop.scheduleTask(in: .seconds(limits.openingSeconds)) {
            opened.fail(PeerFailure.openingTimedOut(seconds: limits.openingSeconds))
        }
        let connecting = ClientBootstrap(group: loop)
            .connectTimeout(.seconds(limits.openingSeconds))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let upgraded = try Self.configure(channel, address, tls, limits)
                    upgraded.whenComplete { opened.completeWith($0) }
                    opened.futureResult.whenFailure { _ in channel.close(promise: nil) }
                }
            }
            .connect(host: address.host, port: address.effectivePort)
        connecting.whenFailure { opened.fail($0) }
        defer { alarm.cancel() }
        do {
            let socket = try await withTaskCancellationHandler {
                try await opened.futureResult.get()
            } onCancel: {
                opened.fail(PeerFailure.stopped)
            }
            await socket.start()
            return socket
        } catch {
            throw PeerFailure(error, messageBytes: limits.messageBytes)
        }
    }

    private static func configure(
        _ channel: any Channel,
        _ address: PeerAddress,
        _ tls: NIOSSLContext?,
        _ limits: PeerLimits
    ) throws -> EventLoopFuture<PeerSocket> {
        let pipeline = channel.pipeline.syncOperations
        if let tls {
            // An address is no server name (RFC 6066 §3); it is compared with the certificate all the same.
            let isName = (try? SocketAddress(ipAddress: address.host, port: 0)) == nil
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: isName ? address.host : nil))
        }
        let encoder = HTTPRequestEncoder()
        // What comes with the answer is the relay's greeting, and not to be dropped.
        let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
        let status = StatusReader()
        let upgrade = NIOTypedHTTPClientUpgradeHandler(
            httpHandlers: [encoder, decoder, status],
            upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
                upgradeRequestHead: Self.request(address),
                upgraders: [Self.upgrader(limits)],
                notUpgradingCompletionHandler: { channel in
                    channel.eventLoop.makeFailedFuture(
                        PeerFailure.noWebSocket(status: "101, but not to the WebSocket that was asked for")
                    )
                }
            )
        )
        try pipeline.addHandlers([encoder, decoder, status, upgrade])
        return upgrade.upgradeResultFuture
    }

    private static func request(_ address: PeerAddress) -> HTTPRequestHead {
        HTTPRequestHead(
            version: .http1_1,
            method: .GET,
            uri: address.target,
            headers: ["Host": address.authority, "User-Agent": "martlet"]
        )
    }

    private static func upgrader(_ limits: PeerLimits) -> NIOTypedWebSocketClientUpgrader<PeerSocket> {
        // Errors are for `PeerHandler`, which has to hear of them before the connection ends.
        NIOTypedWebSocketClientUpgrader(
            maxFrameSize: limits.messageBytes,
            enableAutomaticErrorHandling: false
        ) { channel, _ in
            channel.setOption(.autoRead, value: false).flatMapThrowing {
                let socket = PeerSocket(channel)
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHandler(
                    NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 0,
                        maxAccumulatedFrameCount: limits.messageFrames,
                        maxAccumulatedFrameSize: limits.messageBytes
                    )
                )
                try pipeline.addHandler(PeerHandler(socket, messageBytes: limits.messageBytes))
                return socket
            }
        }
    }
}
