import HTTPTypes

/// An answer to a plain HTTP request; the connection is closed after it.
struct HTTPAnswer: Sendable {
    var status: HTTPResponse.Status
    var fields: HTTPFields = [:]
    var body: [UInt8] = []

    init(_ status: HTTPResponse.Status, _ type: String, _ body: [UInt8], _ fields: HTTPFields = [:]) {
        self.status = status
        self.fields = fields
        self.fields[.contentType] = type
        self.body = body
    }

    init(_ status: HTTPResponse.Status, _ fields: HTTPFields = [:]) {
        self.status = status
        self.fields = fields
    }

    /// A page, with the policy that forbids it everything it does not need.
    static func page(_ status: HTTPResponse.Status, _ html: String, _ fields: HTTPFields = [:]) -> HTTPAnswer {
        var answer = HTTPAnswer(status, "text/html; charset=utf-8", Array(html.utf8), fields)
        answer.fields[.contentSecurityPolicy] = PageSecurity.contentSecurityPolicy
        answer.fields[.xContentTypeOptions] = "nosniff"
        answer.fields[.referrerPolicy] = "no-referrer"
        return answer
    }

    /// A page that says what is wrong.
    static func refusal(_ page: ErrorPage, _ fields: HTTPFields = [:]) -> HTTPAnswer {
        .page(HTTPResponse.Status(code: page.status), page.render(), fields)
    }
}

extension HTTPField.Name {
    /// The header names that swift-http-types does not have; all are tokens.
    static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .vary
    static let webSocketExtensions = HTTPField.Name("Sec-WebSocket-Extensions") ?? .vary
    static let forwardedFor = HTTPField.Name("X-Forwarded-For") ?? .vary
    static let realIP = HTTPField.Name("X-Real-IP") ?? .vary
}
