import Testing

@testable import Wire

@Suite("Text is UTF-8")
struct TextValidityTests {
    private static let invalid: [[UInt8]] = [
        [0x80],  // a continuation byte alone
        [0xC3],  // a sequence cut short
        [0xE2, 0x82],
        [0xF0, 0x9F, 0x98],
        [0xC0, 0xAF],  // overlong
        [0xE0, 0x80, 0xAF],
        [0xF0, 0x80, 0x80, 0xAF],
        [0xED, 0xA0, 0x80],  // a surrogate
        [0xED, 0xBF, 0xBF],
        [0xF4, 0x90, 0x80, 0x80],  // above U+10FFFF
        [0xF5, 0x80, 0x80, 0x80],
        [0xFE], [0xFF],
        [0xC3, 0x28],
    ]

    @Test(arguments: TextValidityTests.invalid)
    func `bytes that are not UTF-8 are refused wherever they stand`(bytes: [UInt8]) throws {
        for before in [0, 1, 7, 8, 40] {
            for after in [0, 1, 9] {
                let payload = [UInt8](repeating: 0x61, count: before) + bytes + [UInt8](repeating: 0x62, count: after)
                #expect(try heard(ClientFrame(0x81, payload)) == [.violation(.textNotUTF8)])
                #expect(try heard(ClientFrame(0x82, payload)) == [.binary(payload)])
            }
        }
    }

    @Test(arguments: ["\u{0}", "κόσμε", "\u{7FF}\u{800}", "\u{D7FF}\u{E000}\u{FFFF}", "😀\u{10FFFF}", "日本語テキスト"])
    func `valid text passes`(text: String) throws {
        #expect(try heard(ClientFrame(0x81, text)) == [.text(text)])
    }

    @Test func `a scalar may be cut by fragments`() throws {
        let payload = Array("a😀é".utf8)
        for cut in 0...payload.count {
            let frames = [ClientFrame(0x01, Array(payload[..<cut])), ClientFrame(0x80, Array(payload[cut...]))]
            #expect(try heard(frames.bytes) == [.text(payload)])
        }
    }

    @Test func `two fragments that are each invalid and together too are refused`() throws {
        let frames = [ClientFrame(0x01, [0xE2, 0x82]), ClientFrame(0x80, [0x41])]
        #expect(try heard(frames.bytes) == [.violation(.textNotUTF8)])
    }
}
