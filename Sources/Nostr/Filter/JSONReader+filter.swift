extension JSONReader {
    /// Reads a filter object; what is JSON but no filter throws a refusal, and the reader stands somewhere inside it.
    ///
    /// - Parameter search: what a search may hold; nil where there is none.
    mutating func readFilter(maximumValues: Int, search: SearchBounds? = nil) throws(FilterFault) -> Filter {
        var filter = Filter()
        var budget = maximumValues
        do {
            try self.expect(UInt8(ascii: "{"), else: .notObject)
            var goesOn = try self.begins(closing: UInt8(ascii: "}"))
            while goesOn {
                let key = try self.readString()
                try self.expect(UInt8(ascii: ":"))
                try self.readFilterField(key, into: &filter, budget: &budget, search)
                goesOn = try self.continues(closing: UInt8(ascii: "}"))
            }
        } catch let error as JSONError {
            throw error.reason == .notObject ? .refused(Refusal(.invalid, "a filter is an object")) : .json(error)
        } catch let refusal as Refusal {
            throw .refused(refusal)
        } catch {
            throw .refused(Refusal(.invalid, "malformed filter"))
        }
        return filter
    }

    private mutating func readFilterField(
        _ token: StringToken,
        into filter: inout Filter,
        budget: inout Int,
        _ search: SearchBounds?
    ) throws {
        switch FilterKey(token, in: self.text) {
        case .ids: filter.ids = try self.readIdentifiers("ids", budget: &budget)
        case .authors: filter.authors = try self.readIdentifiers("authors", budget: &budget)
        case .kinds: filter.kinds = try self.readKinds(budget: &budget)
        case .since: filter.since = try self.readCount("since", unit: "a whole number of seconds")
        case .until: filter.until = try self.readCount("until", unit: "a whole number of seconds")
        case .limit: filter.limit = Int(try self.readCount("limit", unit: "a whole number"))
        case .tag(let letter):
            let values = try self.readTagValues(letter, budget: &budget)
            filter.tags.removeAll { $0.letter == letter }
            filter.tags.append(TagCondition(letter: letter, values: values))
        case .search:
            guard let search else { throw self.unknownField(token) }
            filter.search = try self.readSearch(search)
        case nil: throw self.unknownField(token)
        }
    }

    private func unknownField(_ token: StringToken) -> Refusal {
        Refusal(.unsupported, "this relay has no filter field \"\(token.excerpt(of: self.text))\"")
    }

    private mutating func readSearch(_ bounds: SearchBounds) throws -> SearchQuery? {
        let token: StringToken
        do {
            token = try self.readString()
        } catch {
            guard error.reason == .notString else { throw error }
            throw Refusal(.invalid, "search is a string")
        }
        let tooLong = Refusal(.invalid, "a search has at most \(bounds.characters) characters")
        // A character is twelve bytes at most (two escapes).
        guard token.range.count <= bounds.characters * 12 else { throw tooLong }
        let text = token.withBytes(in: self.text) { String(decoding: Array($0), as: UTF8.self) }
        guard text.unicodeScalars.count <= bounds.characters else { throw tooLong }
        let query = SearchQuery(text, kinds: bounds.kinds)
        guard query?.phrases.count ?? 0 <= bounds.phrases else {
            throw Refusal(.invalid, "a search has at most \(bounds.phrases) words and phrases")
        }
        return query
    }

    private mutating func readIdentifiers<ID: Identifier>(_ name: String, budget: inout Int) throws -> [ID] {
        try self.readList(name, budget: &budget) { (reader) throws -> ID in
            let token = try reader.readString()
            guard let id = token.withBytes(in: reader.text, { ID(hex: $0) }) else {
                throw Refusal(.invalid, "\(name) holds exact values of 64 lower-case hexadecimal digits")
            }
            return id
        }
    }

    private mutating func readKinds(budget: inout Int) throws -> [Kind] {
        try self.readList("kinds", budget: &budget) { (reader) throws -> Kind in
            guard let kind = UInt16(exactly: try reader.readInteger()) else {
                throw Refusal(.invalid, "kinds holds whole numbers from 0 to 65535")
            }
            return Kind(kind)
        }
    }

    private mutating func readTagValues(_ letter: UInt8, budget: inout Int) throws -> [[UInt8]] {
        let name = "#\(Character(Unicode.Scalar(letter)))"
        let isHex = letter == UInt8(ascii: "e") || letter == UInt8(ascii: "p")
        return try self.readList(name, budget: &budget) { (reader) throws -> [UInt8] in
            let token = try reader.readString()
            if isHex, token.withBytes(in: reader.text, { Bytes32(hex: $0) }) == nil {
                throw Refusal(.invalid, "\(name) holds exact values of 64 lower-case hexadecimal digits")
            }
            var value: [UInt8] = []
            CanonicalText.append(token, of: reader.text, to: &value)
            return value
        }
    }

    /// Reads an array of distinct values.
    private mutating func readList<Value: Hashable>(
        _ name: String,
        budget: inout Int,
        of read: (inout JSONReader) throws -> Value
    ) throws -> [Value] {
        guard self.take(UInt8(ascii: "[")) else { throw Refusal(.invalid, "\(name) is a list") }
        var values: [Value] = []
        var seen: Set<Value> = []
        var goesOn = try self.begins(closing: UInt8(ascii: "]"))
        while goesOn {
            do {
                let value = try read(&self)
                if seen.insert(value).inserted { values.append(value) }
            } catch let error as JSONError {
                switch error.reason {
                case .notString: throw Refusal(.invalid, "\(name) holds strings")
                case .notInteger: throw Refusal(.invalid, "\(name) holds whole numbers")
                default: throw error
                }
            }
            budget -= 1
            guard budget >= 0 else { throw Refusal(.invalid, "the filters hold too many values") }
            goesOn = try self.continues(closing: UInt8(ascii: "]"))
        }
        return values
    }

    /// Reads a whole number that is not negative.
    private mutating func readCount(_ name: String, unit: String) throws -> Int64 {
        do {
            let number = try self.readInteger()
            guard number >= 0 else { throw Refusal(.invalid, "\(name) is \(unit), not negative") }
            return number
        } catch let error as JSONError {
            guard error.reason == .notInteger else { throw error }
            throw Refusal(.invalid, "\(name) is \(unit)")
        }
    }
}

/// Why a filter could not be read: the text is not JSON at all, or it is no filter.
enum FilterFault: Error {
    case json(JSONError)
    case refused(Refusal)
}
