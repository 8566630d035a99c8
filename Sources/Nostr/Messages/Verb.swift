/// The first element of a client message (NIP-01, NIP-42, NIP-45).
enum Verb {
    case event, request, close, count, authenticate

    /// Nil for a name that is none of them.
    init?(_ token: StringToken, in text: Span<UInt8>) {
        guard let verb = token.withBytes(in: text, Self.named) else { return nil }
        self = verb
    }

    private static func named(_ name: Span<UInt8>) -> Verb? {
        if name.equals("EVENT") { return .event }
        if name.equals("REQ") { return .request }
        if name.equals("CLOSE") { return .close }
        if name.equals("COUNT") { return .count }
        return name.equals("AUTH") ? .authenticate : nil
    }
}
