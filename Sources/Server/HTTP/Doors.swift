import Actors
import HTTPTypes
import NIOCore
import Wire

/// What stands behind the relay's port: the doors of plain HTTP, and the way into a WebSocket connection.
struct Doors: Sendable {
    let settings: LiveSettings
    let limiter: RateLimiter
    let clock: Clock
    let monitor: Monitor
    let management: ManagementDoor
    /// Connections that may still become WebSockets, or are being answered.
    let undecided = Counter()
    /// What connections share, by event loop.
    let contexts: [ObjectIdentifier: RelayContext]

    /// A connection on the loop of its channel.
    func makeConnection(
        _ channel: any Channel,
        _ compression: PermessageDeflate?,
        client: String
    ) -> Connection {
        guard let context = self.contexts[ObjectIdentifier(channel.eventLoop)] else {
            preconditionFailure("Every loop that serves has its context.")
        }
        return Connection(
            channel,
            context: context,
            policy: self.settings.current.policy,
            compression: compression,
            client: client
        )
    }

    /// Bytes of a body that a request may have; nil for one whose body nobody reads.
    static func bodyLimit(_ request: HTTPRequest) -> Int? {
        ManagementDoor.isMeant(by: request) ? ManagementDoor.maximumBodyBytes : nil
    }

    /// Answers a plain request.
    func answer(_ request: HTTPRequest, _ body: RequestBody, from peer: SocketAddress?) async -> HTTPAnswer {
        let path = (request.path ?? "/").prefix { $0 != "?" }
        switch path {
        case "/" where ManagementDoor.isMeant(by: request):
            return await self.management.answer(request, body).opened(to: Self.crossOrigin)
        case "/": return self.answerRoot(request)
        case "/health": return Self.only(request, [.get, .head]) { .json(.ok, #"{"status":"ok"}"#) }
        case "/ready":
            let readiness = await self.monitor.readiness()
            return Self.only(request, [.get, .head]) {
                .json(readiness.isReady ? .ok : .serviceUnavailable, readiness.json)
            }
        case "/metrics" where !self.settings.current.hasMetricsPort:
            return await self.answerMetrics(request, from: peer)
        default: return .refusal(.notFound)
        }
    }

    /// The relay's own address: a document for clients (NIP-11), a page for browsers.
    private func answerRoot(_ request: HTTPRequest) -> HTTPAnswer {
        guard request.method != .options else { return HTTPAnswer(.noContent, Self.crossOrigin) }
        return Self.only(request, [.get, .head, .options]) {
            let settings = self.settings.current
            guard Self.accepts(RelayInformation.contentType, request) else {
                return .page(.ok, settings.landingPage, [.vary: "Accept"])
            }
            var fields = Self.crossOrigin
            fields[.vary] = "Accept"
            return HTTPAnswer(.ok, RelayInformation.contentType, settings.information, fields)
        }
    }

    /// NIP-11 asks for all three. The asterisk allows every header but `Authorization`, which is named for NIP-86.
    private static let crossOrigin: HTTPFields = [
        .accessControlAllowOrigin: "*",
        .accessControlAllowHeaders: "*, Authorization",
        .accessControlAllowMethods: "GET, HEAD, POST, OPTIONS",
    ]

    /// `/metrics`, for those who are allowed to.
    func answerMetrics(_ request: HTTPRequest, from peer: SocketAddress?) async -> HTTPAnswer {
        guard (request.path ?? "/").prefix(while: { $0 != "?" }) == "/metrics" else { return .refusal(.notFound) }
        let settings = self.settings.current
        let client = ClientAddress.resolve(
            peer: peer,
            forwardedFor: request.headerFields[values: .forwardedFor],
            realIP: request.headerFields[.realIP],
            trusted: settings.trustedProxies
        )
        let address = try? IPAddress(parsing: client)
        guard let address, settings.metricsAllow.contains(where: { $0.contains(address) }) else {
            let page = ErrorPage(status: 403, title: "Not for you", sentence: "The metrics are for the operator.")
            return .refusal(page)
        }
        let text = await self.monitor.prometheusText()
        return Self.only(request, [.get, .head]) {
            HTTPAnswer(.ok, "text/plain; version=0.0.4; charset=utf-8", Array(text.utf8))
        }
    }

    /// The answer to a handshake that the rate limiter turns away.
    func answer(_ reason: Admission.Reason) -> HTTPAnswer {
        self.monitor.metrics.rateLimited.add(.connections)
        switch reason {
        case .full:
            let sentence = "The relay has as many connections as it takes. Try again in a minute."
            return .refusal(ErrorPage(status: 503, title: "Full", sentence: sentence), [.retryAfter: "60"])
        case .tooManyOpen:
            let sentence = "Your address has as many connections open as it may. Close one first."
            let page = ErrorPage(status: 429, title: "Too many connections", sentence: sentence)
            return .refusal(page, [.retryAfter: "60"])
        case .tooOften(let seconds):
            let sentence = "Your address opens connections too often. Come back in \(seconds) seconds."
            let page = ErrorPage(status: 429, title: "Too many connections", sentence: sentence)
            return .refusal(page, [.retryAfter: String(seconds)])
        }
    }

    /// `answer`, if the method is one of these; else 405.
    private static func only(
        _ request: HTTPRequest,
        _ methods: [HTTPRequest.Method],
        _ answer: () -> HTTPAnswer
    ) -> HTTPAnswer {
        guard methods.contains(request.method) else {
            return .refusal(.methodNotAllowed, [.allow: methods.map(\.rawValue).joined(separator: ", ")])
        }
        return answer()
    }

    /// Whether the client asks for this media type by name.
    private static func accepts(_ type: String, _ request: HTTPRequest) -> Bool {
        request.headerFields[values: .accept].contains { value in
            value.split(separator: ",").contains { item in
                item.prefix { $0 != ";" }.drop { $0 == " " }.prefix { $0 != " " }.lowercased() == type
            }
        }
    }
}

extension HTTPAnswer {
    /// JSON that pages of any origin may read.
    static func json(_ status: HTTPResponse.Status, _ text: String) -> HTTPAnswer {
        let fields: HTTPFields = [.cacheControl: "no-store", .accessControlAllowOrigin: "*"]
        return HTTPAnswer(status, "application/json", Array(text.utf8), fields)
    }
}
