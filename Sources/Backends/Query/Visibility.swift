import Nostr

/// What decides whether a stored event may be shown at all.
struct Visibility {
    /// Seconds since 1970.
    let now: Int64
    let readership: Readership
    /// What of the database the answer shows.
    let snapshot: PageSnapshot

    func shows(_ row: StoredRow) -> Bool {
        // What has no id is damaged, and no event any more.
        guard self.snapshot.includes(row.transaction), Event.id(ofCanonical: row.json) != nil else { return false }
        if let expiresAt = row.expiresAt, expiresAt <= self.now { return false }
        guard !self.snapshot.vanishing.hides(canonical: row.json, row.kind) else { return false }
        return !self.readership.isRestricted(row.kind) || self.readership.mayRead(canonical: row.json)
    }
}
