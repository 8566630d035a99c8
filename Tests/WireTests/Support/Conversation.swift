import TestSupport

@testable import Wire

/// A random client's stream of bytes, and what a decoder must say to it.
struct Conversation {
    private(set) var bytes: [UInt8] = []
    private(set) var expected: [Heard] = []
    private let isCompressed: Bool
    private let deflater = Deflater()
    private var generator: SplitMix64

    /// Makes up `count` messages with control frames among them, and a Close.
    init(seed: UInt64, messages count: Int, maxPayloadBytes: Int, isCompressed: Bool) {
        self.generator = SplitMix64(seed: seed)
        self.isCompressed = isCompressed
        for _ in 0..<count {
            self.addMessage(maxPayloadBytes: maxPayloadBytes)
            self.addControlFrames()
        }
        self.add(ClientFrame(0x88, [0x03, 0xE8] + Array("bye".utf8)))
        self.expected.append(.close(.normalClosure, "bye"))
    }

    private mutating func addMessage(maxPayloadBytes: Int) {
        let isText = Bool.random(using: &self.generator)
        let byteCount = Int.random(in: 0...maxPayloadBytes, using: &self.generator)
        let message = isText ? self.text(byteCount / 2) : self.generator.bytes(byteCount)
        let compress = self.isCompressed && Bool.random(using: &self.generator)
        let payload = compress ? self.deflater.deflate(message.span, windowBits: 15) : message
        var rest = payload[...]
        var first: UInt8 = (isText ? 0x01 : 0x02) | (compress ? 0x40 : 0)
        while Int.random(in: 0..<3, using: &self.generator) == 0 {
            let fragment = rest.prefix(Int.random(in: 0...rest.count, using: &self.generator))
            self.add(ClientFrame(first, Array(fragment)))
            self.addControlFrames()
            rest = rest.dropFirst(fragment.count)
            first = 0x00
        }
        self.add(ClientFrame(first | 0x80, Array(rest)))
        self.expected.append(isText ? .text(message) : .binary(message))
    }

    private mutating func addControlFrames() {
        while Int.random(in: 0..<4, using: &self.generator) == 0 {
            let payload = self.generator.bytes(Int.random(in: 0...125, using: &self.generator))
            let isPing = Bool.random(using: &self.generator)
            self.add(ClientFrame(isPing ? 0x89 : 0x8A, payload))
            self.expected.append(isPing ? .ping(payload) : .pong(payload))
        }
    }

    private mutating func add(_ frame: ClientFrame) {
        var frame = frame
        frame.key = self.generator.bytes(4)
        self.bytes += frame.bytes
    }

    private mutating func text(_ scalarCount: Int) -> [UInt8] {
        var text = String.UnicodeScalarView()
        for _ in 0..<scalarCount {
            let limit: UInt32 = Bool.random(using: &self.generator) ? 0x7F : 0x10FFFF
            text.append(Unicode.Scalar(UInt32.random(in: 0...limit, using: &self.generator)) ?? "\u{FFFD}")
        }
        return Array(String(text).utf8)
    }
}
