extension ManagementState {
    /// The kinds that are taken and those that are not even so, after what admins have said of single ones.
    func applied(to allowed: KindSet, _ denied: KindSet) -> (allowed: KindSet, denied: KindSet) {
        guard !self.kinds.isEmpty else { return (allowed, denied) }
        let taken = self.kinds.filter(\.value).map { $0.key...$0.key }
        let refused = self.kinds.filter { !$0.value }.map { $0.key...$0.key }
        return (KindSet(allowed.ranges + taken), KindSet(denied.subtracting(taken).ranges + refused))
    }
}

extension KindSet {
    /// The set without some kinds.
    func subtracting(_ removed: [ClosedRange<UInt16>]) -> KindSet {
        var left = self.ranges
        for range in removed {
            left = left.flatMap { part -> [ClosedRange<UInt16>] in
                guard part.overlaps(range) else { return [part] }
                var parts: [ClosedRange<UInt16>] = []
                if part.lowerBound < range.lowerBound { parts.append(part.lowerBound...(range.lowerBound - 1)) }
                if part.upperBound > range.upperBound { parts.append((range.upperBound + 1)...part.upperBound) }
                return parts
            }
        }
        return KindSet(left)
    }
}
