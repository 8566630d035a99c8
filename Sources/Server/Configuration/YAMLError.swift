/// Why a text cannot be read as YAML.
struct YAMLError: Error, Hashable {
    /// From 1, or nil where the parser does not tell.
    let line: Int?
    /// A sentence.
    let reason: String
}
