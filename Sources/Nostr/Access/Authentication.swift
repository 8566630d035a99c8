/// The event by which a client proves that it holds a key (NIP-42, kind 22242).
public enum Authentication {
    /// Seconds by which its time may differ from the relay's.
    private static let toleranceSeconds: Int64 = 600

    /// What is wrong with the event, but for its signature; nil where nothing is.
    ///
    /// - Parameters:
    ///   - challenge: the one that the connection was sent.
    ///   - relay: the relay's own URL.
    ///   - now: seconds since 1970.
    public static func fault(in event: Event, challenge: String, relay: RelayURL, now: Int64) -> String? {
        guard event.kind == .authentication else { return "an AUTH message holds an event of kind 22242" }
        let (early, late) = (now - Self.toleranceSeconds, now + Self.toleranceSeconds)
        guard (early...late).contains(event.createdAt) else {
            return "created_at is more than \(Self.toleranceSeconds / 60) minutes from now"
        }
        guard let answered = event.firstValue(ofTag: "challenge") else { return "the challenge is missing" }
        guard answered == challenge else { return "the challenge is not the one of this connection" }
        guard let named = event.firstValue(ofTag: "relay") else { return "the relay is missing" }
        guard RelayURL(named) == relay else { return "the event is for another relay" }
        return nil
    }
}
