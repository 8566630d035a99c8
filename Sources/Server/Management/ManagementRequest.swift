import Nostr

/// The body of a management request: the name of a method and its parameters (NIP-86).
struct ManagementRequest: Equatable, Sendable {
    let method: String
    let params: [JSONValue]

    /// - Throws: `ManagementError` where the text is no JSON of that shape; a request without `params` has none.
    init(parsing body: [UInt8]) throws(ManagementError) {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: body.span)
        } catch {
            throw ManagementError("the body is not JSON: \(error)")
        }
        guard case .object = document else { throw ManagementError("the body has to be a JSON object") }
        guard let method = document["method"]?.string else {
            throw ManagementError("the body has to name a method, as a text")
        }
        self.method = method
        switch document["params"] {
        case nil, .null: self.params = []
        case .array(let values): self.params = values
        default: throw ManagementError("params has to be an array")
        }
    }
}
