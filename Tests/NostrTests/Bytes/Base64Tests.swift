import Testing

@testable import Nostr

/// Base64 (RFC 4648, section 10 has the examples).
@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
        ("Zm9vYmFy", "foobar"), ("Zg", "f"), ("Zm8", "fo"), ("Zm9vYg", "foob"),
    ])
    func `texts are decoded, with padding or without`(text: String, bytes: String) {
        #expect(Base64.bytes(text) == Array(bytes.utf8))
    }

    @Test(arguments: ["Z", "Zg=", "Zg===", "Zh==", "Zm9=", "Z g==", "Zg==\n", "-_-_", "é", "====", "=", "Zg==Zg=="])
    func `what is malformed is refused`(text: String) {
        #expect(Base64.bytes(text) == nil)
    }
}
