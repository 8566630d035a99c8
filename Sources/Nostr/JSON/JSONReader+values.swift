extension JSONReader {
    /// Consumes one value of any kind.
    mutating func skipValue(depth: Int = 0) throws(JSONError) {
        guard depth < Self.maximumDepth else { throw self.error(.tooDeep) }
        guard let first = self.peek() else { throw self.error(.unexpectedEnd) }
        switch first {
        case UInt8(ascii: "\""): _ = try self.readString()
        case UInt8(ascii: "{"): try self.skipObject(depth: depth)
        case UInt8(ascii: "["): try self.skipArray(depth: depth)
        case UInt8(ascii: "t"): try self.skipLiteral("true")
        case UInt8(ascii: "f"): try self.skipLiteral("false")
        case UInt8(ascii: "n"): try self.skipLiteral("null")
        case UInt8(ascii: "-"), 0x30...0x39: try self.skipNumber()
        default: throw self.error(.unexpectedByte)
        }
    }

    private mutating func skipArray(depth: Int) throws(JSONError) {
        try self.expect(UInt8(ascii: "["))
        var goesOn = try self.begins(closing: UInt8(ascii: "]"))
        while goesOn {
            try self.skipValue(depth: depth + 1)
            goesOn = try self.continues(closing: UInt8(ascii: "]"))
        }
    }

    private mutating func skipObject(depth: Int) throws(JSONError) {
        try self.expect(UInt8(ascii: "{"))
        var goesOn = try self.begins(closing: UInt8(ascii: "}"))
        while goesOn {
            _ = try self.readString()
            try self.expect(UInt8(ascii: ":"))
            try self.skipValue(depth: depth + 1)
            goesOn = try self.continues(closing: UInt8(ascii: "}"))
        }
    }

    private mutating func skipLiteral(_ literal: StaticString) throws(JSONError) {
        for index in 0..<literal.utf8CodeUnitCount {
            guard self.position < self.text.count else { throw self.error(.unexpectedEnd) }
            guard self.text[self.position] == literal.utf8Start[index] else { throw self.error(.unexpectedByte) }
            self.advance(to: self.position + 1)
        }
    }
}
