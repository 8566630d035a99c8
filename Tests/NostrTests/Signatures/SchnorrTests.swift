import Testing

@testable import Nostr

@Suite struct SchnorrTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let index, key, message, signature: String
        let isValid: Bool
        var testDescription: String { "vector \(self.index)" }

        init(_ index: String, key: String, message: String, signature: String, isValid: Bool) {
            (self.index, self.isValid) = (index, isValid)
            (self.key, self.message, self.signature) = (key.lowercased(), message.lowercased(), signature.lowercased())
        }

        /// Whether the library calls the signature valid; nil where the vector itself is malformed.
        var verdict: Bool? {
            guard let key = PublicKey(hex: self.key), let message = Hex.bytes(self.message),
                let signature = Hex.bytes(self.signature).flatMap({ Signature($0) })
            else { return nil }
            return Schnorr.isValid(signature, over: message, by: key)
        }
    }

    /// Vectors 0, 5, 7, 15 and 17 of BIP-340, for a clone that stands alone.
    static let embedded = [
        Vector(
            "0",
            key: "F9308A019258C31049344F85F89D5229B531C845836F99B08601F113BCE036F9",
            message: String(repeating: "0", count: 64),
            signature: "E907831F80848D1069A5371B402410364BDF1C5F8307B0084C55F1CE2DCA8215"
                + "25F66A4A85EA8B71E482A74F382D2CE5EBEEE8FDB2172F477DF4900D310536C0",
            isValid: true
        ),
        Vector(
            "5",
            key: "EEFDEA4CDB677750A420FEE807EACF21EB9898AE79B9768766E4FAA04A2D4A34",
            message: "243F6A8885A308D313198A2E03707344A4093822299F31D0082EFA98EC4E6C89",
            signature: "6CFF5C3BA86C69EA4B7376F31A9BCB4F74C1976089B2D9963DA2E5543E177769"
                + "69E89B4C5564D00349106B8497785DD7D1D713A8AE82B32FA79D5F7FC407D39B",
            isValid: false
        ),
        Vector(
            "7",
            key: "DFF1D77F2A671C5F36183726DB2341BE58FEAE1DA2DECED843240F7B502BA659",
            message: "243F6A8885A308D313198A2E03707344A4093822299F31D0082EFA98EC4E6C89",
            signature: "1FA62E331EDBC21C394792D2AB1100A7B432B013DF3F6FF4F99FCB33E0E1515F"
                + "28890B3EDB6E7189B630448B515CE4F8622A954CFE545735AAEA5134FCCDB2BD",
            isValid: false
        ),
        Vector(
            "15",
            key: "778CAA53B4393AC467774D09497A87224BF9FAB6F6E68B23086497324D6FD117",
            message: "",
            signature: "71535DB165ECD9FBBC046E5FFAEA61186BB6AD436732FCCC25291A55895464CF"
                + "6069CE26BF03466228F19A3A62DB8A649F2D560FAC652827D1AF0574E427AB63",
            isValid: true
        ),
        Vector(
            "17",
            key: "778CAA53B4393AC467774D09497A87224BF9FAB6F6E68B23086497324D6FD117",
            message: "0102030405060708090A0B0C0D0E0F1011",
            signature: "5130F39A4059B43BC7CAC09A19ECE52B5D8699D1A71E3C52DA9AFDB6B50AC370"
                + "C4A482B77BF960F8681540E25B6771ECE1E5A37FD80E5A51897C5566A97EA5A5",
            isValid: true
        ),
    ]

    @Test(arguments: Self.embedded)
    func `an embedded BIP-340 vector gets its verdict`(_ vector: Vector) {
        #expect(vector.verdict == vector.isValid)
    }

    @Test(.needsSharedData) func `every BIP-340 vector gets its verdict, messages of other sizes than 32 too`() throws {
        let text = String(decoding: try SharedData.bytes(of: "bip340-test-vectors.csv"), as: UTF8.self)
        let rows = text.split(whereSeparator: \.isNewline).dropFirst()
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        #expect(rows.count == 19)
        for row in rows {
            let vector = Vector(row[0], key: row[2], message: row[4], signature: row[5], isValid: row[6] == "TRUE")
            #expect(vector.verdict == vector.isValid, "\(row)")
        }
    }

    private static func read(_ hex: String) -> Signature? { Signature(hex: Array(hex.utf8).span) }

    @Test func `a signature is 64 bytes, written as 128 lower-case digits`() {
        let hex = Self.embedded[0].signature
        let signature = Self.read(hex)
        #expect(signature?.array == Hex.bytes(hex))
        #expect(signature?.withBytes { Array($0) } == Hex.bytes(hex))
        for wrong in ["", String(hex.dropLast()), hex + "0", hex.uppercased(), String(repeating: "g", count: 128)] {
            #expect(Self.read(wrong) == nil)
        }
        for count in [0, 32, 63, 65, 128] { #expect(Signature([UInt8](repeating: 1, count: count)) == nil) }
    }
}
