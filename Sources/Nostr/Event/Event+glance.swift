extension Event {
    /// Where `created_at` stands in canonical JSON: behind `{"id":"…","pubkey":"…","created_at":`.
    private static let createdAtOffset = 7 + 64 + 12 + 64 + 15

    /// `created_at` in canonical JSON, or nil where it is damaged.
    public static func createdAt(ofCanonical json: Span<UInt8>) -> Int64? {
        var seconds: Int64 = 0
        var index = Self.createdAtOffset
        while index < json.count, index < Self.createdAtOffset + 19, json[index] >= 0x30, json[index] <= 0x39 {
            let (shifted, overflows) = seconds.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = shifted.addingReportingOverflow(Int64(json[index] - 0x30))
            guard !overflows, !overflowsToo else { return nil }
            seconds = sum
            index += 1
        }
        guard index > Self.createdAtOffset, index < json.count, json[index] == UInt8(ascii: ",") else { return nil }
        return seconds
    }
}
