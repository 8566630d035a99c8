import Testing

@testable import Server

struct RedactionTests {
    @Test(arguments: [
        ("postgres://user:password@host/name", "postgres://user:***@host/name"),
        ("redis://:password@host", "redis://:***@host"), ("postgres://user@host/name", "postgres://user@host/name"),
        ("postgres://user:p@ss/w:rd@host/name", "postgres://user:***@host/name"),
        ("postgres://host/name?user=a&Password=b&c=d", "postgres://host/name?user=a&Password=***&c=d"),
        ("host=a password=b c=d", "host=a password=*** c=d"), ("sqlite:a:b@c", "sqlite:a:b@c"), ("", ""),
    ])
    func `passwords are masked`(text: String, safe: String) {
        #expect(Redaction.hidingPasswords(in: text) == safe)
    }

    @Test(arguments: [
        ("user:password@host", "user:***@host"), ("NSEC1abc", "NSEC1***"), ("my key is nsec1qqq", "my key is nsec1***"),
        ("a\nb\0c\u{2028}d", "a b c d"), ("ünï", "ünï"),
    ])
    func `a message hides what may be a secret and stays on one line`(text: String, safe: String) {
        #expect(Redaction.shown(text) == safe)
    }

    @Test func `a message cuts long text, and only after it was masked`() {
        #expect(Redaction.shown(String(repeating: "a", count: 5000)).count == Redaction.longestShown + 1)
        let password = String(repeating: "p", count: 5000)
        #expect(Redaction.shown("postgres://user:\(password)@host/name") == "postgres://user:***@host/name")
    }

    @Test func `a secret key is shown nowhere, whatever key it is given to`() {
        for key in ConfigurationKey.all {
            let text = ConfigurationText.setting(
                key.path,
                to: "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5"
            )
            #expect(text.problems.allSatisfy { !$0.contains("vl029") })
        }
    }
}
