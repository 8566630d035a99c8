/// Who makes an HTTP request, proven by the header `Authorization: Nostr …` (NIP-98). Valid when it exists; whether it
/// was used before is for others to know.
public struct HTTPAuthorization: Sendable {
    /// Seconds that the clocks of client and relay may be apart.
    public static let windowSeconds: Int64 = 60

    /// The key that signed the request.
    public let pubkey: PublicKey
    /// The event's id, which is good for one request.
    public let id: EventID
    /// Seconds since 1970 from which on the event is too old to be used.
    public let endsAt: Int64

    /// Judges a header.
    ///
    /// - Parameters:
    ///   - header: the value of `Authorization`; nil where there is none.
    ///   - method: the request's method, as it was sent.
    ///   - url: where the request was sent to.
    ///   - body: whose hash has to be in the `payload` tag, which NIP-86 asks for; nil for a request without one.
    ///   - now: seconds since 1970.
    public init(
        header: String?,
        method: String,
        url: RelayURL,
        body: [UInt8]?,
        now: Int64
    ) throws(HTTPAuthorizationError) {
        let event = try Self.event(in: header)
        guard event.kind == .httpAuthorization else { throw .wrongKind(event.kind) }
        guard event.createdAt >= now - Self.windowSeconds, event.createdAt <= now + Self.windowSeconds else {
            throw .wrongTime
        }
        let tags = event.tags
        // The relay's URL has no query, which the comparison would pass over.
        guard let claimed = Self.value(of: "u", in: tags), RelayURL(claimed) == url, !claimed.contains("?") else {
            throw .wrongURL
        }
        guard Self.value(of: "method", in: tags) == method else { throw .wrongMethod }
        if let body {
            guard let payload = Self.value(of: "payload", in: tags) else { throw .noPayload }
            guard payload.lowercased() == SHA256.digest(body).hex else { throw .wrongPayload }
        }
        guard event.hasValidSignature else { throw .wrongSignature }
        self.pubkey = event.pubkey
        self.id = event.id
        self.endsAt = event.createdAt + Self.windowSeconds
    }

    /// The event that a header carries, whatever it says.
    private static func event(in header: String?) throws(HTTPAuthorizationError) -> Event {
        guard let header else { throw .missing }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "nostr" else { throw .wrongScheme }
        let text = parts[1].drop { $0 == " " }
        guard let json = Base64.bytes(text) else { throw .notBase64 }
        do {
            return try Event(parsing: json.span)
        } catch {
            throw .notAnEvent(error.text)
        }
    }

    /// The value of the one tag of this name; of several it cannot be told which was meant.
    private static func value(of name: String, in tags: [[String]]) -> String? {
        let named = tags.filter { $0[0] == name }
        guard named.count == 1, named[0].count > 1 else { return nil }
        return named[0][1]
    }
}
