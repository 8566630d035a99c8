/// One extension that a client offers, as it wrote it (RFC 6455 §9.1).
struct ExtensionOffer: Equatable, Sendable {
    /// A parameter; the value is nil when there was no `=`, and unquoted when it was quoted.
    struct Parameter: Equatable, Sendable {
        let name: String
        let value: String?
    }

    let name: String
    let parameters: [Parameter]
}
