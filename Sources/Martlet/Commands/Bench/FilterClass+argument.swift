import ArgumentParser
import Bench

extension FilterClass {
    /// The names that the command line takes.
    static var names: String { Self.allCases.map(\.rawValue).joined(separator: ", ") }

    /// Reads a name of the command line.
    static func argument(_ text: String) throws -> FilterClass {
        guard let filterClass = FilterClass(rawValue: text) else {
            throw ValidationError("\(text) is no class of questions: \(Self.names)")
        }
        return filterClass
    }
}
