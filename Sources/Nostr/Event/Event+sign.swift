extension Event {
    /// Makes and signs an event; nil where a tag is empty, the time is negative or the library refuses to sign.
    ///
    /// - Parameter createdAt: seconds since 1970.
    public static func signed(
        by keys: KeyPair,
        kind: Kind,
        tags: [[String]] = [],
        content: String = "",
        createdAt: Int64
    ) -> Event? {
        var tagsText: [UInt8] = [UInt8(ascii: "[")]
        for (index, tag) in tags.enumerated() {
            if index > 0 { tagsText.append(UInt8(ascii: ",")) }
            tagsText.append(UInt8(ascii: "["))
            for (index, element) in tag.enumerated() {
                if index > 0 { tagsText.append(UInt8(ascii: ",")) }
                tagsText.append(UInt8(ascii: "\""))
                CanonicalText.append(element, to: &tagsText)
                tagsText.append(UInt8(ascii: "\""))
            }
            tagsText.append(UInt8(ascii: "]"))
        }
        tagsText.append(UInt8(ascii: "]"))
        var contentText: [UInt8] = []
        CanonicalText.append(content, to: &contentText)

        var hashed = Array(#"[0,"\#(keys.publicKey.hex)",\#(createdAt),\#(kind),"#.utf8)
        hashed += tagsText + Array(#",""#.utf8) + contentText + Array(#""]"#.utf8)
        let id = EventID(SHA256.digest(hashed))
        guard let signature = keys.sign(id) else { return nil }
        var json: [UInt8] = []
        let fields = EventFields(
            id: id,
            pubkey: keys.publicKey,
            createdAt: createdAt,
            kind: kind,
            signature: signature
        )
        Self.appendHead(fields, to: &json)
        json += tagsText + Array(#","content":""#.utf8) + contentText + Array(#"","sig":""#.utf8)
        Hex.append(signature.array, to: &json)
        json += Array(#""}"#.utf8)
        return Event(canonical: json)
    }
}
