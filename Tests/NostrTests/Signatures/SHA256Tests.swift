import Testing

@testable import Nostr

/// The examples of FIPS 180-4 as NIST publishes them.
@Suite struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `the digest of a published message is the published digest`(_ message: String, _ digest: String) {
        #expect(SHA256.digest(Array(message.utf8)).hex == digest)
    }

    @Test func `a million letters in pieces of any size hash as published`() {
        for size in [1_000, 997, 64, 63] {
            var hash = SHA256()
            var left = 1_000_000
            while left > 0 {
                let count = min(size, left)
                hash.update([UInt8](repeating: UInt8(ascii: "a"), count: count))
                left -= count
            }
            #expect(hash.finalize().hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
        }
    }

    @Test func `literals and empty pieces are hashed like any bytes`() {
        var hash = SHA256()
        hash.update("a")
        hash.update([])
        hash.update("bc")
        hash.update(UnsafeRawBufferPointer(start: nil, count: 0))
        #expect(hash.finalize() == SHA256.digest(Array("abc".utf8)))
    }
}
