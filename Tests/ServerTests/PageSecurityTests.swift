import Foundation
import Nostr
import Testing

@testable import Server

@Suite("The policy of the pages")
struct PageSecurityTests {
    static let pages = [Samples.landingPage.render(), LandingPage().render(), ErrorPage.notFound.render()]

    @Test("The policy names the SHA-256 of the style sheet as it stands in the page")
    func styleHash() throws {
        for page in Self.pages {
            let start = try #require(page.firstRange(of: "<style>"))
            let end = try #require(page.firstRange(of: "</style>"))
            #expect(
                Stylesheet.hash == "sha256-"
                    + Data(SHA256.digest(Array(String(page[start.upperBound..<end.lowerBound]).utf8)).array)
                    .base64EncodedString()
            )
        }
    }

    @Test("The policy forbids everything but that style and the emblem in the tab")
    func policy() {
        let expected =
            "default-src 'none'; style-src '\(Stylesheet.hash)'; img-src data:; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'"
        #expect(PageSecurity.contentSecurityPolicy == expected)
    }

    @Test("The pages need no more than the policy grants")
    func needs() {
        let forbidden = [
            "<script", "<img", "<iframe", "<form", "<object", "<embed", "<base", "<link rel=\"style", " style=",
            " src=",
            " srcset=", " onclick=", " onload=", "@import", "@font-face", "url(http", "url(//",
        ]
        for (index, page) in Self.pages.enumerated() {
            for need in forbidden { #expect(!page.contains(need), "page \(index): \(need)") }
            #expect(page.contains(#"<link rel="icon" href="data:image/svg+xml,%3Csvg"#))
        }
    }

    @Test("Every page names its language and has one main heading, one main part and one foot")
    func structure() {
        for page in Self.pages {
            #expect(page.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
            for element in ["<h1", "<main", "<footer"] { #expect(page.split(separator: element).count == 2) }
        }
    }
}
