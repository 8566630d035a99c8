/// Why the relay's own key cannot be had; the description is a sentence for the operator, without the key.
struct RelayKeyError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
