import TestSupport
import Testing

@testable import Server

struct IPAddressTests {
    @Test(arguments: [
        ("0.0.0.0", "0.0.0.0"), ("192.0.2.1", "192.0.2.1"), ("255.255.255.255", "255.255.255.255"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8::1", "2001:db8::1"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("::ffff:192.0.2.1", "192.0.2.1"), ("::ffff:c000:201", "192.0.2.1"), ("::192.0.2.1", "::c000:201"),
    ])
    func `an address is shown in its canonical form`(text: String, canonical: String) throws {
        let address = try IPAddress(parsing: text)
        #expect(address.description == canonical)
        #expect(try IPAddress(parsing: canonical) == address)
    }

    @Test(arguments: [
        "", ".", ":", ":::", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4",
        "+1.2.3.4",
        "1..2.3", "a.b.c.d", "::1::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::12345",
        "::g", "::+1", "1.2.3.4::", "::1.2.3", "::1.2.3.4:5", "fe80::1%eth0", "[::1]", "::1\0", "１.2.3.4", "localhost",
        String(repeating: ":", count: 100_000), String(repeating: "9", count: 100_000),
    ])
    func `what is no address is refused`(text: String) {
        #expect(throws: InvalidText.self) { try IPAddress(parsing: text) }
    }

    @Test func `bytes are an address only if there are 4 or 16`() throws {
        #expect(IPAddress(bytes: [192, 0, 2, 1])?.description == "192.0.2.1")
        #expect(IPAddress(bytes: Array(repeating: 0, count: 15) + [1])?.description == "::1")
        let mapped: [UInt8] = Array(repeating: 0, count: 10) + [255, 255, 192, 0, 2, 1]
        #expect(IPAddress(bytes: mapped) == IPAddress(bytes: [192, 0, 2, 1]))
        for count in [0, 1, 3, 5, 15, 17, 1000] {
            #expect(IPAddress(bytes: [UInt8](repeating: 1, count: count)) == nil)
        }
    }

    @Test func `random addresses read back as themselves`() throws {
        var random = SplitMix64(seed: 1)
        for _ in 0..<2000 {
            let zeros = UInt128.random(in: 0...UInt128.max, using: &random)
            let bits =
                UInt128.random(in: 0...UInt128.max, using: &random) & (zeros >> Int.random(in: 0...128, using: &random))
            let address = IPAddress(v6: bits)
            #expect(try IPAddress(parsing: address.description) == address)
        }
    }
}
