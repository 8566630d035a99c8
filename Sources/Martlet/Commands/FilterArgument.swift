import ArgumentParser
import Nostr

/// A filter on the command line: NIP-01's JSON object.
struct FilterArgument: ExpressibleByArgument {
    let filter: Filter

    init?(argument: String) {
        guard let filter = try? Filter(parsing: argument) else { return nil }
        self.filter = filter
    }

    init(_ filter: Filter) { self.filter = filter }

    /// Reads a filter, or fails with the sentence that says what is wrong with it.
    static func parse(_ text: String) throws -> FilterArgument {
        do {
            return FilterArgument(try Filter(parsing: text))
        } catch {
            throw ValidationError("the filter is not valid: \(error.text)")
        }
    }
}
