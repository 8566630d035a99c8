/// The first element of a client message (NIP-01, NIP-42, NIP-45, NIP-77).
enum Verb {
    case event, request, close, count, authenticate
    case negentropyOpen, negentropyMessage, negentropyClose

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
        if name.equals("AUTH") { return .authenticate }
        if name.equals("NEG-OPEN") { return .negentropyOpen }
        if name.equals("NEG-MSG") { return .negentropyMessage }
        return name.equals("NEG-CLOSE") ? .negentropyClose : nil
    }
}
