extension JSONReader {
    /// Reads one value of any kind.
    mutating func readValue(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < Self.maximumDepth else { throw self.error(.tooDeep) }
        guard let first = self.peek() else { throw self.error(.unexpectedEnd) }
        switch first {
        case UInt8(ascii: "\""): return .string(try self.readText())
        case UInt8(ascii: "["): return .array(try self.readArray(depth: depth))
        case UInt8(ascii: "{"): return .object(try self.readObject(depth: depth))
        default:
            let start = self.position
            try self.skipValue(depth: depth)
            switch first {
            case UInt8(ascii: "t"): return .bool(true)
            case UInt8(ascii: "f"): return .bool(false)
            case UInt8(ascii: "n"): return .null
            default:
                return .number(String(decoding: [UInt8](self.text.extracting(start..<self.position)), as: UTF8.self))
            }
        }
    }

    private mutating func readText() throws(JSONError) -> String {
        let token = try self.readString()
        return token.withBytes(in: self.text) { String(decoding: [UInt8]($0), as: UTF8.self) }
    }

    private mutating func readArray(depth: Int) throws(JSONError) -> [JSONValue] {
        try self.expect(UInt8(ascii: "["))
        var values: [JSONValue] = []
        var goesOn = try self.begins(closing: UInt8(ascii: "]"))
        while goesOn {
            values.append(try self.readValue(depth: depth + 1))
            goesOn = try self.continues(closing: UInt8(ascii: "]"))
        }
        return values
    }

    private mutating func readObject(depth: Int) throws(JSONError) -> [String: JSONValue] {
        try self.expect(UInt8(ascii: "{"))
        var members: [String: JSONValue] = [:]
        var goesOn = try self.begins(closing: UInt8(ascii: "}"))
        while goesOn {
            let name = try self.readText()
            try self.expect(UInt8(ascii: ":"))
            members[name] = try self.readValue(depth: depth + 1)
            goesOn = try self.continues(closing: UInt8(ascii: "}"))
        }
        return members
    }
}
