extension String {
    /// The text without white space at its ends; `nil` if nothing else is there.
    var nonBlank: String? {
        guard
            let first = self.firstIndex(where: { !$0.isWhitespace }),
            let last = self.lastIndex(where: { !$0.isWhitespace })
        else { return nil }
        return String(self[first...last])
    }
}
