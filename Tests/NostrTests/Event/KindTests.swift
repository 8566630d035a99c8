import Testing

@testable import Nostr

/// What a relay keeps of each kind (NIP-01, "Kinds"; checklist 9 to 15).
@Suite struct KindTests {
    /// The ranges in words of their own: all kinds up to and with the first number are of the second's retention.
    private static let ranges: [(through: UInt16, retention: Kind.Retention)] = [
        (0, .replaceable), (2, .regular), (3, .replaceable), (9_999, .regular), (19_999, .replaceable),
        (29_999, .ephemeral), (39_999, .addressable), (65_535, .regular),
    ]

    @Test func `the retention of every kind follows from its range`() throws {
        for raw in UInt16.min...UInt16.max {
            let range = try #require(Self.ranges.first { raw <= $0.through })
            if Kind(raw).retention != range.retention { Issue.record("kind \(raw)") }
        }
    }

    @Test func `a kind is written as its number and ordered by it`() {
        #expect(Kind(30_023).description == "30023")
        #expect(Kind(rawValue: 7) == Kind(7))
        #expect(Kind(9) < Kind(10))
        #expect([Kind.metadata, .deletion, .authentication].map(\.rawValue) == [0, 5, 22_242])
    }
}
