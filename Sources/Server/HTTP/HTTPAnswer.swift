package import HTTPTypes

/// An answer to a plain HTTP request; the connection is closed after it.
package struct HTTPAnswer: Sendable {
    package var status: HTTPResponse.Status
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
    static let referrerPolicy = Self.named("Referrer-Policy")
    static let forwardedFor = Self.named("X-Forwarded-For")
    static let realIP = Self.named("X-Real-IP")

    /// A name that swift-http-types does not have.
    private static func named(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is a token.") }
        return name
    }
}
