extension ValueForm {
    /// A list, or one entry without brackets.
    ///
    /// - Parameters:
    ///   - entries: What the entries are, after "a list of".
    ///   - most: How many entries there may be.
    ///   - element: Reads one entry.
    ///   - show: One entry as YAML.
    static func list<Element>(
        of entries: String,
        upTo most: Int,
        element: @escaping @Sendable (ConfigurationScalar) throws(InvalidValue) -> Element,
        show: @escaping @Sendable (Element) -> ShownValue
    ) -> ValueForm where Value == [Element] {
        ValueForm(
            expectation: "a list of up to \(most) \(entries)",
            isList: true,
            read: { (input) throws(InvalidValue) in
                let scalars = try input.entries()
                guard scalars.count <= most else { throw InvalidValue(found: "has \(scalars.count) entries") }
                var elements: [Element] = []
                for scalar in scalars { elements.append(try element(scalar)) }
                return elements
            },
            show: { .list($0.map(show)) }
        )
    }

    /// A list of words; the word `none` alone is the empty list.
    static func words<Element>(
        of entries: String,
        upTo most: Int,
        element: @escaping @Sendable (String) throws(InvalidText) -> Element,
        show: @escaping @Sendable (Element) -> String
    ) -> ValueForm where Value == [Element] {
        let form = list(
            of: entries,
            upTo: most,
            element: { (scalar) throws(InvalidValue) in try scalar.parsed(verb: "holds", by: element) },
            show: { .word(show($0)) }
        )
        return ValueForm(
            expectation: form.expectation + ", or none",
            isList: true,
            read: { (input) throws(InvalidValue) in
                if case .scalar(let scalar) = input, scalar.text == "none" { return [] }
                return try form.read(input)
            },
            show: { $0.isEmpty ? .word("none") : form.show($0) }
        )
    }
}

extension ValueForm<[Network]> {
    /// Addresses and networks.
    static var networks: ValueForm {
        .words(
            of: "addresses and networks such as 192.0.2.1 or 10.0.0.0/8",
            upTo: 1000,
            element: { (text) throws(InvalidText) in try Network(parsing: text) },
            show: \.description
        )
    }
}

extension ValueForm<KindSet> {
    /// Kinds and ranges of kinds, or all, or none.
    static var kinds: ValueForm {
        let form = ValueForm<[ClosedRange<UInt16>]>.words(
            of: "kinds and ranges such as 1 or 30000-39999",
            upTo: 1000,
            element: { (text) throws(InvalidText) in try KindSet.range(parsing: text) },
            show: KindSet.text(of:)
        )
        return ValueForm(
            expectation: form.expectation + " or all",
            isList: true,
            read: { (input) throws(InvalidValue) in
                if case .scalar(let scalar) = input, scalar.text == "all" { return .all }
                return KindSet(try form.read(input))
            },
            show: { $0 == .all ? .word("all") : form.show($0.ranges) }
        )
    }
}

extension ConfigurationInput {
    /// The entries of a list; one value is a list of one, and text without type is separated at its commas.
    fileprivate func entries() throws(InvalidValue) -> [ConfigurationScalar] {
        switch self {
        case .nothing:
            throw InvalidValue(found: "holds an empty entry")
        case .mapping:
            throw InvalidValue(found: "holds a section")
        case .scalar(let scalar) where scalar.style == .untyped:
            guard !scalar.text.isEmpty else { return [] }
            return scalar.text.split(separator: ",", omittingEmptySubsequences: false).map { part in
                ConfigurationScalar(text: String(part.trimmed), style: .untyped)
            }
        case .scalar(let scalar):
            return [scalar]
        case .list(let inputs):
            var scalars: [ConfigurationScalar] = []
            for input in inputs {
                if case .list = input { throw InvalidValue(found: "holds a list") }
                scalars += try input.entries()
            }
            return scalars
        }
    }
}
