public import Nostr

/// One event of a corpus before it is signed.
public struct CorpusEvent: Sendable {
    public let id: EventID
    public let trace: Trace
    /// Its second since 1970.
    public let createdAt: Int64
    let pubkey: [UInt8]
    /// The array of tags as JSON.
    let tags: [UInt8]
    /// The content as a JSON string's inside.
    let content: [UInt8]

    /// What filters can be drawn from, without the text.
    public struct Trace: Sendable {
        public let author: Int32
        public let kind: UInt16
        /// The word of its `t` tag.
        public var hashtag: Int8?
        /// The place in the corpus of the event that its `e` tag names.
        public var quoted: Int32?
        /// The authors that its `p` tags name.
        public var mentioned: Int32?
        public var recipient: Int32?
    }

    init(trace: Trace, createdAt: Int64, pubkey: [UInt8], tags: [UInt8], content: [UInt8]) {
        self.trace = trace
        self.createdAt = createdAt
        self.pubkey = pubkey
        self.tags = tags
        self.content = content
        var text: [UInt8] = []
        text.reserveCapacity(128 + tags.count + content.count)
        text.append("[0,\"")
        text += pubkey
        text.append("\",")
        text.append(decimal: createdAt)
        text.append(",")
        text.append(decimal: Int64(trace.kind))
        text.append(",")
        text += tags
        text.append(",\"")
        text += content
        text.append("\"]")
        self.id = EventID(SHA256.digest(text))
    }

    /// The event as JSON with these 64 bytes for its signature, after what `json` holds already.
    func append(signature: [UInt8], to json: inout [UInt8]) {
        json.append("{\"id\":\"")
        json.append(hex: self.id.bytes)
        json.append("\",\"pubkey\":\"")
        json += self.pubkey
        json.append("\",\"created_at\":")
        json.append(decimal: self.createdAt)
        json.append(",\"kind\":")
        json.append(decimal: Int64(self.trace.kind))
        json.append(",\"tags\":")
        json += self.tags
        json.append(",\"content\":\"")
        json += self.content
        json.append("\",\"sig\":\"")
        Hex.append(signature, to: &json)
        json.append("\"}")
    }

    /// The event as JSON with a signature that means nothing: its id, twice.
    public var unsignedJSON: [UInt8] {
        var json: [UInt8] = []
        json.reserveCapacity(400 + self.tags.count + self.content.count)
        self.append(signature: self.id.bytes.array + self.id.bytes.array, to: &json)
        return json
    }

    /// The event as JSON, signed; the same bytes each time, for a relay may look at a duplicate's signature too.
    func signedJSON(by keys: KeyPair, prefix: StaticString, suffix: StaticString) -> [UInt8]? {
        guard let signature = keys.sign(self.id, randomness: self.id.bytes) else { return nil }
        var json: [UInt8] = []
        json.reserveCapacity(416 + self.tags.count + self.content.count)
        json.append(prefix)
        self.append(signature: signature.array, to: &json)
        json.append(suffix)
        return json
    }
}
