import Testing

@testable import Server

struct UnitsTests {
    @Test(arguments: [
        ("15m", Duration.seconds(900), "15m"), ("1h30m", .seconds(5400), "1h30m"), ("90m", .seconds(5400), "1h30m"),
        ("365d", .seconds(365 * 86400), "365d"), ("2w", .seconds(14 * 86400), "14d"), ("0s", .zero, "0s"),
        ("500ms", .milliseconds(500), "500ms"), ("1s500ms", .milliseconds(1500), "1s500ms"),
        ("1d1ms", .milliseconds(86_400_001), "1d1ms"),
        ("36525d", .seconds(36525 * 86400), "36525d"),
    ])
    func `a duration is read and shown`(text: String, duration: Duration, shown: String) throws {
        #expect(try DurationText(parsing: text).duration == duration)
        #expect(DurationText(duration).description == shown)
    }

    @Test(arguments: [
        "", "15", "m", "15M", "15min", "15 m", "-15m", "+15m", "1.5h", "015m", "30m1h", "1h1h", "1h30", "1e3s", "15m ",
        "∞",
        "36526d", "99999999999999999999d", "9223372036854775807w", "9223372036854775807ms", "36525d1ms",
    ])
    func `what is no duration is refused`(text: String) {
        #expect(throws: InvalidText.self) { try DurationText(parsing: text) }
    }

    @Test(arguments: [
        ("128KiB", 131072, "128KiB"), ("1MiB", 1_048_576, "1MiB"), ("4GiB", 4 << 30, "4GiB"),
        ("10MB", 10_000_000, "10MB"),
        ("1000KB", 1_000_000, "1MB"), ("3GB", 3_000_000_000, "3GB"), ("2048B", 2048, "2KiB"), ("513B", 513, "513B"),
        ("0B", 0, "0B"),
    ])
    func `a size is read and shown`(text: String, bytes: Int, shown: String) throws {
        #expect(try ByteCount(parsing: text).bytes == bytes)
        #expect(ByteCount(bytes: bytes).description == shown)
    }

    @Test(arguments: [
        "", "128", "KiB", "128 KiB", "128kib", "128K", "128k", "-1B", "+1B", "1.5MiB", "01KiB", "1KiB ", "1KiB1B",
        "1TiB",
        "9223372036854775807GiB", "99999999999999999999B",
    ])
    func `what is no size is refused`(text: String) {
        #expect(throws: InvalidText.self) { try ByteCount(parsing: text) }
    }

    @Test func `a number without unit is told that the unit is missing`() {
        #expect(throws: InvalidText("the unit is missing")) { try DurationText(parsing: "15") }
        #expect(throws: InvalidText("the unit is missing")) { try ByteCount(parsing: "1048576") }
        #expect(throws: InvalidText("the unit is missing")) { try Rate(parsing: "20") }
    }
}
