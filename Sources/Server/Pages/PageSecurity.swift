/// What the browser is told to forbid on the relay's pages.
package enum PageSecurity {
    /// The value of `Content-Security-Policy` for every page: no script, nothing loaded, only the page's own style.
    ///
    /// `data:` images allow the emblem in the browser's tab.
    package static let contentSecurityPolicy = [
        "default-src 'none'",
        "style-src '\(Stylesheet.hash)'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ].joined(separator: "; ")
}
