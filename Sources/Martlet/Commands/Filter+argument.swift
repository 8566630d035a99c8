import ArgumentParser
import Nostr

extension Filter {
    /// Reads a filter of the command line, NIP-01's JSON object, or fails with the sentence that says what is wrong.
    static func argument(_ text: String) throws -> Filter {
        do {
            return try Filter(parsing: text)
        } catch {
            throw ValidationError("the filter is not valid: \(error.text)")
        }
    }
}
