import Foundation

extension RelayInformation {
    /// The media type of the document, in a request's `Accept` and in the answer (NIP-11).
    package static let contentType = "application/nostr+json"

    /// The document as UTF-8 JSON: keys in alphabetical order, slashes not escaped (NIP-11).
    package func json() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try [UInt8](encoder.encode(self))
        } catch {
            preconditionFailure("Strings, integers and booleans always encode as JSON: \(error)")
        }
    }
}
