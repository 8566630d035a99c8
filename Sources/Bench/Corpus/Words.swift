/// What contents and hashtags are made of, as the inside of JSON strings.
enum Words {
    static let all: [[UInt8]] = [
        "nostr", "relay", "zap", "bitcoin", "coffee", "hello", "swift", "actor", "lightning", "café", "🤙", "gm",
        "world",
        "build", "note", #"\"quoted\""#, #"line\nbreak"#, "https://example.com/a.png",
    ].map { Array($0.utf8) }
    /// How many of them, from the first on, are hashtags too.
    static let hashtagCount = 9
    /// Contents end with the word that reaches this length.
    static let contentBytes = 200
}
