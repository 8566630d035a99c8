extension Event {
    /// When the event expires, seconds since 1970 (NIP-40); a malformed value is no expiry.
    ///
    /// The first `expiration` tag counts. A number beyond 64 bits is as good as never.
    public var expiresAt: Int64? {
        // Most events have no such tag, and most of those do not hold its name anywhere either.
        guard self.mayHaveTag(named: "\"expiration\"") else { return nil }
        guard let text = self.firstValue(ofTag: "expiration"), !text.isEmpty,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int64(text) ?? .max
    }

    /// Whether the event has expired.
    ///
    /// - Parameter now: seconds since 1970.
    public func hasExpired(by now: Int64) -> Bool { self.expiresAt.map { $0 <= now } ?? false }

    private func mayHaveTag(named quoted: StaticString) -> Bool {
        self.json.withUnsafeBytes { json in
            let tags = UnsafeRawBufferPointer(rebasing: json[self.tagsRange])
            let name = UnsafeRawBufferPointer(start: quoted.utf8Start, count: quoted.utf8CodeUnitCount)
            guard tags.count >= name.count else { return false }
            for start in 0...(tags.count - name.count)
            where tags[start + 1] == name[1] && tags[start] == name[0] {
                if tags[start..<start + name.count].elementsEqual(name) { return true }
            }
            return false
        }
    }
}
