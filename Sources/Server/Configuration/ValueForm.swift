/// How values of one type are written: what they must be, how they are read, how they are shown.
struct ValueForm<Value: Equatable & Sendable>: Sendable {
    /// The end of the sentence "the value must be …".
    let expectation: String
    /// Whether several values may be given; the environment separates them with commas.
    var isList = false
    /// Reads the value; never called with `nothing`.
    let read: @Sendable (ConfigurationInput) throws(InvalidValue) -> Value
    /// The value as YAML that reads as the same value.
    let show: @Sendable (Value) -> ShownValue
}

extension ValueForm {
    /// A single value.
    ///
    /// - Parameters:
    ///   - expectation: The end of the sentence "the value must be …".
    ///   - parse: Reads the value.
    ///   - show: The value as YAML.
    static func scalar(
        _ expectation: String,
        parse: @escaping @Sendable (ConfigurationScalar) throws(InvalidValue) -> Value,
        show: @escaping @Sendable (Value) -> ShownValue
    ) -> ValueForm {
        ValueForm(
            expectation: expectation,
            read: { (input) throws(InvalidValue) in
                switch input {
                case .scalar(let scalar): return try parse(scalar)
                case .list: throw InvalidValue(found: "is a list")
                case .mapping: throw InvalidValue(found: "is a section")
                case .nothing: throw InvalidValue(found: "is empty")
                }
            },
            show: show
        )
    }

    /// A single value that is read from its text, in quotes or not.
    static func word(
        _ expectation: String,
        parse: @escaping @Sendable (String) throws(InvalidText) -> Value,
        show: @escaping @Sendable (Value) -> String
    ) -> ValueForm {
        .scalar(
            expectation,
            parse: { (scalar) throws(InvalidValue) in try scalar.parsed(by: parse) },
            show: { .word(show($0)) }
        )
    }

    /// A value or the word `none`.
    static func optional<Wrapped>(_ form: ValueForm<Wrapped>) -> ValueForm where Value == Wrapped? {
        ValueForm(
            expectation: form.expectation + ", or none",
            isList: form.isList,
            read: { (input) throws(InvalidValue) in
                if case .scalar(let scalar) = input, scalar.text == "none" { return nil }
                return try form.read(input)
            },
            show: { $0.map(form.show) ?? .word("none") }
        )
    }
}
