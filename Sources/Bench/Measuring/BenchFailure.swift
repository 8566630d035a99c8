/// Why a run ended early, as a sentence for whoever started it.
public struct BenchFailure: Error, CustomStringConvertible, Equatable {
    public let description: String

    init(_ description: String) { self.description = description }
}
