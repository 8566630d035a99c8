/// Why a key cannot have the value that a source gives it.
struct InvalidValue: Error, Hashable, Sendable {
    /// What was found, after the word "but": `is "abc"`, `holds a list`.
    let found: String
    /// What is wrong about it, where the expectation of the key does not say so already.
    var reason: String?

    /// - Parameters:
    ///   - scalar: What was found.
    ///   - verb: `holds` where it is an entry of a list.
    ///   - reason: What is wrong about it.
    init(_ scalar: ConfigurationScalar, verb: String = "is", reason: String? = nil) {
        found = "\(verb) \(scalar.shown)"
        self.reason = reason
    }

    /// - Parameters:
    ///   - found: What was found, after the word "but".
    ///   - reason: What is wrong about it.
    init(found: String, reason: String? = nil) {
        self.found = found
        self.reason = reason
    }
}

extension ConfigurationScalar {
    /// Reads the text.
    ///
    /// - Parameter verb: `holds` where it is an entry of a list.
    /// - Throws: `InvalidValue` with the reason of the text's own error.
    func parsed<Value>(
        verb: String = "is",
        by parse: (String) throws(InvalidText) -> Value
    ) throws(InvalidValue) -> Value {
        do throws(InvalidText) {
            return try parse(text)
        } catch {
            throw InvalidValue(self, verb: verb, reason: error.description)
        }
    }
}
