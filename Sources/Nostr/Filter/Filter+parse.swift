extension Filter {
    /// Reads one filter object from UTF-8 text, for commands that are given a filter.
    public init(parsing text: String, maximumValues: Int = 100_000) throws(Refusal) {
        let bytes = Array(text.utf8)
        var reader = JSONReader(bytes.span)
        do {
            self = try reader.readFilter(maximumValues: maximumValues)
            try reader.expectEnd()
        } catch FilterFault.refused(let refusal) {
            throw refusal
        } catch FilterFault.json(let error) {
            throw Refusal(.invalid, "\(error)")
        } catch {
            throw Refusal(.invalid, "\(error)")
        }
    }
}
