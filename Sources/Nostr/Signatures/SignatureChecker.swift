/// Checks the signatures of events, and remembers the points of the keys that it has met.
public struct SignatureChecker: Sendable {
    /// Nil for a key that is not on the curve.
    private var points: [PublicKey: CurvePoint?] = [:]
    private let maximumKeys: Int

    /// - Parameter maximumKeys: keys that are remembered, of about 150 bytes each.
    public init(maximumKeys: Int = 20_000) { self.maximumKeys = maximumKeys }

    /// Whether the signature is the author's over the id (NIP-01).
    public mutating func isValid(_ event: Event) -> Bool {
        guard var point = self.point(of: event.pubkey) else { return false }
        return event.id.bytes.withBytes { Schnorr.isValid(event.signature, overBytes: $0, by: &point) }
    }

    private mutating func point(of key: PublicKey) -> CurvePoint? {
        if let point = self.points[key] { return point }
        let point = CurvePoint(key)
        if self.points.count >= self.maximumKeys { self.points.removeAll(keepingCapacity: true) }
        self.points.updateValue(point, forKey: key)
        return point
    }
}
