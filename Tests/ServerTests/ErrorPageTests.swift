import Testing

@testable import Server

@Suite("Error pages")
struct ErrorPageTests {
    @Test("Each says its status, its title, a sentence and the way back")
    func contents() {
        for page in [ErrorPage.notFound, .methodNotAllowed, .upgradeRequired] {
            let html = page.render()
            #expect(html.contains("<title>\(page.status) \(page.title)</title>"))
            #expect(html.contains("<h1>\(page.title)</h1>"))
            #expect(html.contains(page.sentence))
            #expect(html.contains(#"href="/""#))
        }
        let statuses = [ErrorPage.notFound, .methodNotAllowed, .upgradeRequired].map(\.status)
        #expect(statuses == [404, 405, 426])
    }

    @Test("They share the landing page's style sheet and emblem")
    func layout() {
        let html = ErrorPage.notFound.render()
        #expect(html.contains("<style>\(Stylesheet.text)</style>"))
        #expect(html.contains(Emblem.symbols))
    }
}
