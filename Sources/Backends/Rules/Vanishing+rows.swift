import Nostr

extension Vanishing {
    /// A statement that gives the positions of events that have vanished and are not removed yet.
    static let rows = """
        SELECT e.position FROM vanishing AS v CROSS JOIN event AS e
        WHERE e.author = v.author AND e.created_at <= v.until AND e.kind <> \(Kind.vanish)
        UNION
        SELECT t.position FROM vanishing AS v CROSS JOIN tag AS t
        WHERE t.hash = v.recipient AND t.created_at <= v.until AND t.kind = \(Kind.giftWrap)
        """
}
