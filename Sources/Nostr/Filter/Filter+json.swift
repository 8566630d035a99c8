extension Filter {
    /// The filter as NIP-01's JSON object, UTF-8; words to search for (NIP-50) are not in it.
    public var json: [UInt8] {
        var json: [UInt8] = [UInt8(ascii: "{")]
        if let ids { Self.append("ids", ids.map(\.quoted), to: &json) }
        if let authors { Self.append("authors", authors.map(\.quoted), to: &json) }
        if let kinds { Self.append("kinds", kinds.map { Array($0.description.utf8) }, to: &json) }
        for tag in self.tags {
            let values = tag.values.map { [UInt8(ascii: "\"")] + $0 + [UInt8(ascii: "\"")] }
            Self.append("#\(Character(Unicode.Scalar(tag.letter)))", values, to: &json)
        }
        if let since { Self.append("since", since, to: &json) }
        if let until { Self.append("until", until, to: &json) }
        if let limit { Self.append("limit", Int64(limit), to: &json) }
        json.append(UInt8(ascii: "}"))
        return json
    }

    private static func append(_ name: String, _ values: [[UInt8]], to json: inout [UInt8]) {
        Self.appendName(name, to: &json)
        json.append(UInt8(ascii: "["))
        json += values.joined(separator: CollectionOfOne(UInt8(ascii: ",")))
        json.append(UInt8(ascii: "]"))
    }

    private static func append(_ name: String, _ number: Int64, to json: inout [UInt8]) {
        Self.appendName(name, to: &json)
        json.append(decimal: number)
    }

    private static func appendName(_ name: String, to json: inout [UInt8]) {
        if json.count > 1 { json.append(UInt8(ascii: ",")) }
        json += Array("\"\(name)\":".utf8)
    }
}

extension Identifier {
    fileprivate var quoted: [UInt8] { Array("\"\(self.hex)\"".utf8) }
}
