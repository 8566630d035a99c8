/// Why the relay's own key cannot be had; the description is a sentence for the operator, without the key.
public struct RelayKeyError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
