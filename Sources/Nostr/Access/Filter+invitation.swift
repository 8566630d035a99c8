extension Filter {
    /// Whether the filter asks by its kind for an invitation that this relay's key would sign now (NIP-43); an
    /// invitation has no tag that can be asked for.
    ///
    /// - Parameter now: seconds since 1970.
    public func asksForInvitation(by key: PublicKey, at now: Int64) -> Bool {
        guard let kinds, kinds.contains(.invitation), self.authors?.contains(key) ?? true else { return false }
        guard self.ids == nil, self.tags.isEmpty, self.search == nil, self.limit != 0 else { return false }
        return self.since ?? .min <= now && now <= self.until ?? .max
    }
}
