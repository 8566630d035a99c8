/// The answer to a COUNT (NIP-45).
public struct EventCount: Sendable, Hashable {
    public let count: Int
    /// Whether some of it is estimated.
    public let isApproximate: Bool
    /// The authors; nil where the request asks for none.
    public let sketch: HyperLogLog?

    public init(_ count: Int, isApproximate: Bool = false, sketch: HyperLogLog? = nil) {
        self.count = count
        self.isApproximate = isApproximate
        self.sketch = sketch
    }

    /// The answer's object.
    var json: String {
        let approximate = self.isApproximate ? #","approximate":true"# : ""
        let sketch = self.sketch.map { #","hll":"\#($0.hex)""# } ?? ""
        return #"{"count":\#(self.count)\#(approximate)\#(sketch)}"#
    }
}
