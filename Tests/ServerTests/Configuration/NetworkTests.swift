import Testing

@testable import Server

struct NetworkTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
        ("192.0.2.6/31", "192.0.2.7", true), ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "::1", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false),
        ("::/0", "2001:db8::1", true), ("::/0", "192.0.2.1", false), ("::1", "::1", true), ("::1", "::2", false),
        ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("::ffff:10.0.0.0/104", "10.1.2.3", true),
        ("::ffff:0:0/96", "10.1.2.3", true), ("::ffff:0:0/96", "2001:db8::", false),
    ])
    func `a network contains the addresses that share its prefix`(
        network: String,
        address: String,
        isInside: Bool
    ) throws {
        #expect(try Network(parsing: network).contains(IPAddress(parsing: address)) == isInside)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.0.0.0/8"), ("192.0.2.1/32", "192.0.2.1"), ("2001:DB8:0::/32", "2001:db8::/32"),
        ("::1/128", "::1"), ("::ffff:10.0.0.0/104", "10.0.0.0/8"), ("::/0", "::/0"), ("0.0.0.0/0", "0.0.0.0/0"),
    ])
    func `a network is shown in its canonical form`(text: String, canonical: String) throws {
        let network = try Network(parsing: text)
        #expect(network.description == canonical)
        #expect(try Network(parsing: canonical) == network)
    }

    @Test(arguments: [
        "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.0/8/8",
        "10.0.0/8",
        "::/129", "::ffff:0:0/90", "10.0.0.0/8 ", "10.0.0.0 /8", "any", "10.0.0.0/99999999999999999999",
    ])
    func `what is no network is refused`(text: String) {
        #expect(throws: InvalidText.self) { try Network(parsing: text) }
    }

    @Test func `bits beyond the prefix are refused with the network that was meant`() {
        #expect(throws: InvalidText("bits beyond the prefix are set; the network is 10.0.0.0/8")) {
            try Network(parsing: "10.1.2.3/8")
        }
        #expect(throws: InvalidText("bits beyond the prefix are set; the network is ::/64")) {
            try Network(parsing: "::1/64")
        }
    }

    @Test func `addresses as bytes are looked up, and other counts of bytes are outside`() {
        #expect(Network.loopbackV4.contains(bytes: [127, 1, 2, 3]))
        #expect(Network.loopbackV4.contains(bytes: Array(repeating: 0, count: 10) + [255, 255, 127, 0, 0, 1]))
        #expect(Network.loopbackV6.contains(bytes: Array(repeating: 0, count: 15) + [1]))
        #expect(!Network.loopbackV4.contains(bytes: [127, 0, 0]))
        #expect(!Network.loopbackV4.contains(bytes: []))
    }

    @Test func `the loopback networks read as themselves`() throws {
        #expect(try Network(parsing: "127.0.0.0/8") == .loopbackV4)
        #expect(try Network(parsing: "::1") == .loopbackV6)
    }
}
