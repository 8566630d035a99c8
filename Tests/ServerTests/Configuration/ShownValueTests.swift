import Testing

@testable import Server

struct ShownValueTests {
    @Test(arguments: [
        (ShownValue.word("15m"), "15m"), (.word("127.0.0.1:7777"), "127.0.0.1:7777"),
        (.word("[::1]:7777"), "\"[::1]:7777\""),
        (.word("::1"), "\"::1\""), (.word("true"), "true"), (.word("10"), "10"),
        (.word("20/s burst 100"), "20/s burst 100"),
        (.text("Martlet relay"), "Martlet relay"), (.text(""), "\"\""), (.text("10"), "\"10\""),
        (.text("true"), "\"true\""),
        (.text("null"), "\"null\""), (.text("~"), "\"~\""), (.text("- a"), "\"- a\""), (.text("a: b"), "\"a: b\""),
        (.text("a #b"), "\"a #b\""), (.text("a, b"), "\"a, b\""),
        (.text("a\n\"b\"\\\u{1}"), "\"a\\n\\\"b\\\"\\\\\\u0001\""),
        (.text("a "), "\"a \""), (.text("ends:"), "\"ends:\""), (.list([]), "[]"),
        (.list([.word("1"), .text("a, b")]), "[1, \"a, b\"]"),
    ])
    func `a value is quoted where YAML would read something else`(value: ShownValue, yaml: String) {
        #expect(value.yaml == yaml)
    }

    @Test func `what is secret is masked as far as it is secret`() {
        let url = ShownValue.word("postgres://user:password@host/name")
        #expect(url.hiding(.open) == url)
        #expect(url.hiding(.urlPassword) == .word("postgres://user:***@host/name"))
        #expect(ShownValue.list([url]).hiding(.urlPassword) == .list([.word("postgres://user:***@host/name")]))
        #expect(ShownValue.text("password").hiding(.secret) == .text("***"))
        #expect(ShownValue.word("none").hiding(.secret) == .word("none"))
    }

    @Test func `a message about a secret key shows nothing of its value`() {
        let key = ConfigurationKey("info.name", \.info.name, .text(upTo: 3), .live, secrecy: .secret, "A secret.")
        var draft = ConfigurationDraft()
        let input = ConfigurationInput.scalar(ConfigurationScalar(text: "hunter2", style: .untyped))
        draft.set(key, to: input, from: .environment(variable: "MARTLET_INFO_NAME"))
        let sentence = "info.name must be text of up to 3 characters; the value found is secret and not shown."
        #expect(draft.problems.map(\.sentence) == [sentence])
    }
}
