/// The values of a list that one may be among: few are compared one by one, many are looked up.
struct ValueSet<Value: Hashable & Sendable>: Sendable {
    /// Values up to which comparing is as quick as hashing.
    private static var few: Int { 8 }
    private let values: [Value]
    private let set: Set<Value>

    init(_ values: [Value]) {
        let isFew = values.count <= Self.few
        self.values = isFew ? values : []
        self.set = isFew ? [] : Set(values)
    }

    func contains(_ value: Value) -> Bool {
        self.set.isEmpty ? self.values.contains(value) : self.set.contains(value)
    }
}
