/// Whether bytes are well-formed UTF-8 (RFC 3629).
public enum UTF8Check {
    public static func isValid(_ bytes: Span<UInt8>) -> Bool {
        do {
            _ = try UTF8Span(validating: bytes)
            return true
        } catch {
            return false
        }
    }
}
