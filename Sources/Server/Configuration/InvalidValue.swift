/// Why a key cannot have the value that a source gives it.
struct InvalidValue: Error, Hashable, Sendable {
    /// What was found, after the word "but": `is "abc"`, `holds a list`.
    let found: String
    /// What is wrong about it, where the expectation of the key does not say so already.
    var reason: String?

    init(_ scalar: ConfigurationScalar, verb: String = "is", reason: String? = nil) {
        found = "\(verb) \(scalar.shown)"
        self.reason = reason
    }

    init(found: String, reason: String? = nil) {
        self.found = found
        self.reason = reason
    }
}
