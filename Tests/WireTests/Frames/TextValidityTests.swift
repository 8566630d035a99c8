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

    @Test(arguments: TextValidityTests.invalid)
    func `a text is refused at its first wrong byte, whatever is still to come`(bytes: [UInt8]) throws {
        for before in ["", "a", "é", "日本", "😀"] {
            let payload = Array(before.utf8) + bytes
            // What is cut short becomes wrong with the byte after it.
            let head = ClientFrame(0x81, payload + [0x21] + [UInt8](repeating: 0x62, count: 40)).bytes
            let end = head.count - 40
            #expect(try heard(Array(head[..<end])) == [.violation(.textNotUTF8)])
            let fragments = [ClientFrame(0x01, payload), ClientFrame(0x00, [0x21])].bytes
            #expect(try heard(fragments) == [.violation(.textNotUTF8)])
            var bytewise = try Listener()
            #expect(bytewise.hear(fragments, inPiecesOf: { 1 }) == [.violation(.textNotUTF8)])
        }
    }

    @Test func `progress agrees with the whole for every scalar and every cut`() {
        for scalar: UInt32 in [0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF] {
            guard let character = Unicode.Scalar(scalar) else { continue }
            let text = Array("a\(character)b\(character)".utf8)
            for cut in 0...text.count {
                var progress = TextProgress()
                let mayBecomeText = progress.mayBecomeText(Array(text[..<cut]))
                #expect(mayBecomeText)
                #expect(progress.isText(text))
            }
        }
    }

    @Test func `progress refuses just the beginnings that no text has`() {
        var wrong: [[UInt8]] = []
        for first: UInt8 in 0x80...0xFF {
            for second: UInt8 in 0x00...0xFF {
                let bytes = [first, second]
                let mayBegin = [[], [0x80], [0x80, 0x80]].contains { rest in
                    String(validating: bytes + rest, as: UTF8.self) != nil
                }
                var progress = TextProgress()
                let isRefused = !progress.mayBecomeText([first]) || !progress.mayBecomeText(bytes)
                if isRefused == mayBegin { wrong.append(bytes) }
            }
        }
        #expect(wrong == [])
    }

    @Test func `a long text that comes byte by byte is looked at once`() throws {
        var listener = try Listener()
        let text = String(repeating: "日", count: 5_000)
        var bytes = ClientFrame(0x81, text).bytes[...]
        while bytes.count > 1 {
            let byte = bytes.removeFirst()
            #expect(listener.hear([byte]) == [])
        }
        #expect(listener.hear(bytes) == [.text(text)])
    }
}
