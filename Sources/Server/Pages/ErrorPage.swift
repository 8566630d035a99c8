/// The page that a browser gets where the relay has none.
package struct ErrorPage: Equatable, Sendable {
    /// The HTTP status that the page is sent with.
    package let status: Int
    /// What is wrong, in a few words.
    package let title: String
    /// What is wrong and what to do, in a sentence.
    package let sentence: String

    /// Creates a page.
    package init(status: Int, title: String, sentence: String) {
        self.status = status
        self.title = title
        self.sentence = sentence
    }

    /// The page for a path that leads nowhere (RFC 9110, 15.5.5).
    package static let notFound = ErrorPage(
        status: 404,
        title: "Nothing lands here",
        sentence: "There is no page at this address. The relay itself is at the front page."
    )

    /// The page for a method that the path does not take (RFC 9110, 15.5.6).
    package static let methodNotAllowed = ErrorPage(
        status: 405,
        title: "Method not allowed",
        sentence: "This address exists, but it does not take requests of this kind."
    )

    /// The page for a path that only serves WebSocket connections (RFC 9110, 15.5.22).
    package static let upgradeRequired = ErrorPage(
        status: 426,
        title: "Upgrade required",
        sentence: "This address speaks WebSocket. Add it to a Nostr client in place of opening it in a browser."
    )

    /// The whole page as HTML; send it with ``PageSecurity/contentSecurityPolicy``.
    package func render() -> String {
        PageTemplates.render(self, with: "error")
    }
}
