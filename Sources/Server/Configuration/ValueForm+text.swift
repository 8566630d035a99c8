extension ValueForm<String> {
    /// Free text on one line.
    static func text(upTo longest: Int) -> ValueForm {
        .scalar(
            "text of up to \(longest) characters",
            parse: { (scalar) throws(InvalidValue) in
                try scalar.checkText(upTo: longest, allowsLines: false)
                return scalar.text
            },
            show: { .text($0) }
        )
    }

    /// The path of a file.
    static var path: ValueForm {
        .scalar(
            "the path of a file",
            parse: { (scalar) throws(InvalidValue) in
                guard !scalar.text.isEmpty else { throw InvalidValue(scalar) }
                try scalar.checkText(upTo: 4_000, allowsLines: false)
                return scalar.text
            },
            show: { .text($0) }
        )
    }
}

extension ValueForm<String?> {
    /// Free text, on several lines too; empty text is none.
    static func optionalText(upTo longest: Int) -> ValueForm {
        .scalar(
            "text of up to \(longest) characters",
            parse: { (scalar) throws(InvalidValue) in
                try scalar.checkText(upTo: longest, allowsLines: true)
                var text = Substring(scalar.text)
                while text.last?.isNewline == true { text.removeLast() }
                return text.isEmpty ? nil : String(text)
            },
            show: { .text($0 ?? "") }
        )
    }
}

extension ValueForm<[String]> {
    /// A list of short texts.
    static func texts(upTo mostEntries: Int, upToCharacters longest: Int) -> ValueForm {
        .list(
            of: "texts of up to \(longest) characters",
            upTo: mostEntries,
            element: { (scalar) throws(InvalidValue) in
                guard !scalar.text.isEmpty else { throw InvalidValue(scalar, verb: "holds") }
                try scalar.checkText(upTo: longest, allowsLines: false)
                return scalar.text
            },
            show: { .text($0) }
        )
    }
}

extension ValueForm where Value: CaseIterable & RawRepresentable<String>, Value.AllCases: Sendable {
    /// One of the words of an enumeration.
    static var choice: ValueForm {
        .word(
            "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "),
            parse: { (text) throws(InvalidText) in
                guard let value = Value(rawValue: text) else { throw InvalidText("it is none of these words") }
                return value
            },
            show: \.rawValue
        )
    }
}

extension ConfigurationScalar {
    fileprivate func checkText(upTo longest: Int, allowsLines: Bool) throws(InvalidValue) {
        guard isText else { throw InvalidValue(self, reason: "put it in quotes to make it text") }
        guard text.utf8.count <= longest || text.count <= longest else {
            throw InvalidValue(self, reason: "it is too long")
        }
        let hasControl = text.unicodeScalars.contains { $0.isControl && !(allowsLines && $0 == "\n") }
        guard !hasControl else { throw InvalidValue(self, reason: "it has a control character") }
    }
}
