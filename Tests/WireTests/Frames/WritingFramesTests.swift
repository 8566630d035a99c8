import NIOCore
import Testing

@testable import Wire

@Suite("Writing frames")
struct WritingFramesTests {
    private func written(_ write: (inout ByteBuffer) -> Void) -> [UInt8] {
        var buffer = ByteBuffer()
        write(&buffer)
        return Array(buffer.readableBytesView)
    }

    /// Turns a server's frame into the one that a client would have sent.
    private func masked(_ frame: [UInt8]) -> [UInt8] {
        let headerBytes = frame[1] == 127 ? 10 : frame[1] == 126 ? 4 : 2
        let key: [UInt8] = [9, 8, 7, 6]
        let payload = frame[headerBytes...].enumerated().map { $1 ^ key[$0 % 4] }
        return [frame[0], frame[1] | 0x80] + frame[2..<headerBytes] + key + payload
    }

    @Test func `the unmasked frames of RFC 6455 5_7 are written`() {
        let hello = Array("Hello".utf8)
        #expect(self.written { $0.writeTextFrame(hello.span) } == [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(self.written { $0.writePing(hello.span) } == [0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(self.written { $0.writePong(hello.span) } == [0x8A, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(
            self.written {
                $0.writeWebSocketFrameHeader(opcode: .text, fin: false, payloadBytes: 3)
                $0.writeString("Hel")
                $0.writeWebSocketFrameHeader(opcode: .continuation, payloadBytes: 2)
                $0.writeString("lo")
            } == [0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F]
        )
        #expect(
            self.written { $0.writeWebSocketFrameHeader(opcode: .binary, payloadBytes: 256) }
                == [0x82, 0x7E, 0x01, 0x00]
        )
        #expect(
            self.written { $0.writeWebSocketFrameHeader(opcode: .binary, payloadBytes: 65_536) }
                == [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0]
        )
    }

    @Test(
        arguments: [
            (0, [0x00]), (125, [0x7D]), (126, [0x7E, 0x00, 0x7E]), (65_535, [0x7E, 0xFF, 0xFF]),
            (65_536, [0x7F, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] as [(Int, [UInt8])]
    )
    func `the length takes its shortest form`(byteCount: Int, length: [UInt8]) {
        let header = self.written { $0.writeWebSocketFrameHeader(opcode: .text, rsv1: true, payloadBytes: byteCount) }
        #expect(header == [0xC1] + length)
    }

    @Test(arguments: [0, 1, 125, 126, 65_535, 65_536])
    func `what is written is what a decoder reads`(byteCount: Int) throws {
        let payload = (0..<byteCount).map { UInt8(0x20 + $0 % 90) }
        let frame = self.written { $0.writeTextFrame(payload.span) }
        #expect(try heard(self.masked(frame)) == [.text(payload)])
    }

    @Test func `pieces are spliced in their order`() {
        let prefix = Array(#"["EVENT","s","#.utf8)
        let body = Array(#"{"id":"é"}"#.utf8)
        let suffix = Array("]".utf8)
        let nothing: [UInt8] = []
        let frame = self.written { $0.writeTextFrame(prefix.span, body.span, suffix.span) }
        #expect(frame == [0x81, UInt8(prefix.count + body.count + 1)] + prefix + body + suffix)
        #expect(self.written { $0.writeTextFrame(prefix.span, nothing.span, suffix.span) }.count == prefix.count + 3)
    }

    @Test func `frames are appended to what the buffer holds`() {
        let hello = Array("Hello".utf8)
        var expected: [UInt8] = []
        var buffer = ByteBuffer()
        for count in 0..<200 {
            let more = Array(hello[..<(count % 5)])
            buffer.writeTextFrame(hello.span, more.span)
            expected += [0x81, UInt8(5 + more.count)] + hello + more
        }
        #expect(Array(buffer.readableBytesView) == expected)
    }

    @Test func `control frames carry up to 125 bytes`() {
        let payload = [UInt8](repeating: 5, count: 125)
        #expect(self.written { $0.writePing(payload.span) } == [0x89, 125] + payload)
        #expect(self.written { $0.writePong(payload.span) } == [0x8A, 125] + payload)
        #expect(self.written { $0.writePing() } == [0x89, 0])
        #expect(self.written { $0.writePong() } == [0x8A, 0])
    }

    @Test func `a close carries a code and a reason, or nothing`() throws {
        #expect(self.written { $0.writeClose(nil, reason: "lost") } == [0x88, 0])
        #expect(self.written { $0.writeClose(.normalClosure) } == [0x88, 2, 0x03, 0xE8])
        let frame = self.written { $0.writeClose(.messageTooBig, reason: "größer") }
        #expect(try heard(self.masked(frame)) == [.close(.messageTooBig, "größer")])
    }

    @Test(arguments: ["a", "é", "€", "😀", "👩‍👩‍👧‍👦"])
    func `a long reason is cut between scalars`(unit: String) throws {
        for padding in 0..<4 {
            let reason = String(repeating: "-", count: padding) + String(repeating: unit, count: 130)
            let frame = self.written { $0.writeClose(.policyViolation, reason: reason) }
            let said = try heard(self.masked(frame))
            guard case .close(.policyViolation, let cut) = try #require(said.first) else {
                Issue.record("not a close: \(said)")
                continue
            }
            #expect(reason.unicodeScalars.starts(with: cut.unicodeScalars))
            #expect((120...123).contains(cut.utf8.count))
        }
    }

    @Test func `a reason of 123 bytes is not cut`() throws {
        let reason = String(repeating: "é", count: 61) + "x"
        let frame = self.written { $0.writeClose(.policyViolation, reason: reason) }
        #expect(try heard(self.masked(frame)) == [.close(.policyViolation, reason)])
    }
}
