import NIOCore
import TestSupport
import Testing

@testable import Wire

@Suite("Bytes from nowhere")
struct RandomBytesTests {
    /// Hears `bytes` whole and in two pieces and checks what holds for any input.
    private func check(_ bytes: [UInt8], cut: Int, _ compression: PermessageDeflate?, _ inflater: Inflater) {
        var whole = FrameDecoder(maxMessageBytes: 4_096, compression: compression)
        var pieces = whole
        let said = self.hear(bytes[...], &whole, inflater)
        var saidInPieces = self.hear(bytes[..<cut], &pieces, inflater)
        pieces.trim()
        if saidInPieces.last?.isViolation != true {
            saidInPieces += self.hear(bytes[cut...], &pieces, inflater)
        }
        guard said == saidInPieces else {
            Issue.record("\(bytes) cut at \(cut): \(said) and \(saidInPieces)")
            return
        }
        guard whole.message.count <= 4_096, whole.control.count <= 125, whole.message.capacity <= 16_384 else {
            Issue.record("\(bytes) holds \(whole.message.capacity) bytes")
            return
        }
    }

    private func hear(
        _ bytes: ArraySlice<UInt8>,
        _ decoder: inout FrameDecoder,
        _ inflater: Inflater
    ) -> [Heard] {
        var input = ByteBuffer(bytes: bytes)
        var heard: [Heard] = []
        do throws(ProtocolViolation) {
            while let incoming = try decoder.next(from: &input, inflater: inflater) {
                heard.append(Heard(incoming, decoder))
            }
        } catch {
            heard.append(.violation(error))
        }
        if input.readableBytes > 0 {
            Issue.record("\(bytes) left \(input.readableBytes) bytes")
        }
        return heard
    }

    @Test(arguments: [false, true])
    func `random bytes never trap`(isCompressed: Bool) throws {
        let compression = isCompressed ? try PermessageDeflate.negotiate(["permessage-deflate"]) : nil
        let inflater = Inflater()
        var generator = SplitMix64(seed: 42)
        for _ in 0..<40_000 {
            let bytes = generator.bytes(Int.random(in: 0...40, using: &generator))
            let cut = Int.random(in: 0...bytes.count, using: &generator)
            self.check(bytes, cut: cut, compression, inflater)
        }
    }

    @Test(arguments: [false, true])
    func `a good stream with a few wrong bytes never traps`(isCompressed: Bool) throws {
        let compression = isCompressed ? try PermessageDeflate.negotiate(["permessage-deflate"]) : nil
        let inflater = Inflater()
        var generator = SplitMix64(seed: 43)
        let conversations = (0..<50).map { seed in
            Conversation(seed: seed, messages: 3, maxPayloadBytes: 60, isCompressed: isCompressed).bytes
        }
        for round in 0..<40_000 {
            var bytes = conversations[round % conversations.count]
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[place] = UInt8.random(in: 0...255, using: &generator)
            }
            let cut = Int.random(in: 0...bytes.count, using: &generator)
            self.check(bytes, cut: cut, compression, inflater)
        }
    }

    @Test func `random compressed payloads never trap and stay below the limit`() throws {
        let compression = try PermessageDeflate.negotiate(["permessage-deflate"])
        let inflater = Inflater()
        var generator = SplitMix64(seed: 44)
        for _ in 0..<40_000 {
            let payload = generator.bytes(Int.random(in: 0...60, using: &generator))
            let bytes = ClientFrame(0xC2, payload).bytes
            self.check(bytes, cut: bytes.count / 2, compression, inflater)
        }
    }
}

extension Heard {
    fileprivate var isViolation: Bool {
        if case .violation = self { true } else { false }
    }
}
