public import Nostr

/// Events like those that a public relay sees, most of them notes and reactions of few authors.
public struct Corpus: Sendable {
    public let shape: CorpusShape
    let keys: [KeyPair]
    /// The authors' public keys in hexadecimal digits.
    let pubkeys: [[UInt8]]

    public init(_ shape: CorpusShape) {
        var random = SeededGenerator(seed: shape.seed)
        let keys = (0..<shape.authors).map { _ in KeyPair.random(using: &random) }
        self.init(shape, keys: keys)
    }

    private init(_ shape: CorpusShape, keys: [KeyPair]) {
        self.shape = shape
        self.keys = keys
        self.pubkeys = keys.map { Array($0.publicKey.hex.utf8) }
    }

    /// The corpus' events, unsigned.
    public func makeIterator() -> CorpusIterator { CorpusIterator(self) }

    /// The corpus that one key writes alone: nothing but notes, a second apart.
    public static func singleAuthor(_ shape: CorpusShape) -> Corpus {
        var random = SeededGenerator(seed: ~shape.seed)
        let shape = CorpusShape(events: shape.events, authors: 1, seed: shape.seed, base: shape.base)
        return Corpus(shape, keys: [KeyPair.random(using: &random)])
    }

    /// The first author's public key.
    public var firstAuthor: PublicKey { self.keys[0].publicKey }
}

extension Corpus: Sequence {
    public var underestimatedCount: Int { self.shape.events }
}
