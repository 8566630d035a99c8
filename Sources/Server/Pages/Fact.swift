/// A label and its value, as a page lists them.
package struct Fact: Equatable, Sendable {
    /// What the value is about, such as `Largest message`.
    package var label: String
    /// The value with its unit, such as `1 MiB`.
    package var value: String

    /// Creates a fact.
    package init(_ label: String, _ value: String) {
        self.label = label
        self.value = value
    }
}
