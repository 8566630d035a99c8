import NIOCore
import Testing

@testable import Wire

@Suite("Close frames")
struct CloseFramesTests {
    private func said(code: UInt16, reason: [UInt8] = []) throws -> [Heard] {
        try heard(ClientFrame(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)] + reason))
    }

    @Test func `an empty close has no code`() throws {
        #expect(try heard(ClientFrame(0x88)) == [.close(nil, "")])
    }

    @Test func `a close has a code and a reason`() throws {
        #expect(try self.said(code: 1000) == [.close(.normalClosure, "")])
        #expect(try self.said(code: 1001, reason: Array("tschüß".utf8)) == [.close(.goingAway, "tschüß")])
        let longest = [UInt8](repeating: UInt8(ascii: "x"), count: 123)
        #expect(try self.said(code: 4999, reason: longest).count == 1)
    }

    @Test func `a close of one byte is refused`() throws {
        let said = try heard(ClientFrame(0x88, [0x03]))
        #expect(said == [.violation(.closeOfOneByte)])
    }

    @Test func `just the codes that may be sent are taken`() throws {
        for code in UInt16.min...UInt16.max {
            let isLegal =
                switch code {
                case 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000...4999: true
                default: false
                }
            #expect((CloseCode(rawValue: code) != nil) == isLegal)
        }
        for code: UInt16 in [1000, 1003, 1007, 1011, 1014, 3000, 3999, 4000, 4999] {
            #expect(try self.said(code: code) == [.close(CloseCode(rawValue: code), "")])
        }
        for code: UInt16 in [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] {
            #expect(try self.said(code: code) == [.violation(.illegalCloseCode)])
        }
    }

    @Test(arguments: [[0xFF], [0xC3], [0x61, 0xED, 0xA0, 0x80], [0xC0, 0x80]] as [[UInt8]])
    func `a reason that is not UTF-8 is refused`(reason: [UInt8]) throws {
        #expect(try self.said(code: 1000, reason: reason) == [.violation(.closeReasonNotUTF8)])
    }

    @Test func `what follows a close is discarded`() throws {
        var listener = try Listener()
        let frames = [ClientFrame(0x01, "unfinished"), ClientFrame(0x88), ClientFrame(0x80, "late")]
        #expect(listener.hear(frames.bytes) == [.close(nil, "")])
        #expect(listener.hear(ClientFrame(0x83).bytes) == [])
        #expect(!listener.decoder.isMidMessage)
        #expect(listener.decoder.message.capacity == 0)
    }
}
