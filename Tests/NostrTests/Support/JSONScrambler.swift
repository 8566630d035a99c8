import TestSupport

/// Writes JSON values with the freedom that RFC 8259 leaves: any order of names, white space and escapes.
struct JSONScrambler {
    private var generator: SplitMix64
    private var text = ""

    init(seed: UInt64) { self.generator = SplitMix64(seed: seed) }

    /// The text of a value of objects, arrays, strings and whole numbers.
    mutating func write(_ value: Any) -> String {
        self.text = ""
        self.append(value)
        return self.text
    }

    private mutating func append(_ value: Any) {
        self.space()
        switch value {
        case let string as String: self.append(string)
        case let array as [Any]:
            self.text += "["
            for (index, element) in array.enumerated() {
                if index > 0 { self.text += "," }
                self.append(element)
            }
            self.text += "]"
        case let object as [String: Any]:
            self.text += "{"
            // A dictionary's order differs from run to run; sorted first, it follows from the seed.
            for (index, name) in object.keys.sorted().shuffled(using: &self.generator).enumerated() {
                if index > 0 { self.text += "," }
                self.space()
                self.append(name)
                self.space()
                self.text += ":"
                if let element = object[name] { self.append(element) }
            }
            self.text += "}"
        default: self.text += "\(value)"
        }
        self.space()
    }

    private mutating func space() {
        guard self.generator.once(in: 4) else { return }
        self.text += self.generator.pick([" ", "\n", "\t", "\r", "\r\n   "])
    }

    /// Writes a string with some characters escaped that need not be; hexadecimal strings stay as they are.
    private mutating func append(_ string: String) {
        let isHex = string.utf8.count >= 64 && string.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
        self.text += "\""
        for scalar in string.unicodeScalars {
            if scalar == "/", self.generator.once(in: 2) {
                self.text += "\\/"
            } else if !isHex, self.generator.once(in: 6) || scalar == "\"" || scalar == "\\" || scalar.value < 0x20 {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16, uppercase: self.generator.once(in: 2))
                    self.text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                self.text.unicodeScalars.append(scalar)
            }
        }
        self.text += "\""
    }
}
