internal import Nostr

extension ValueForm<[ListenAddress]> {
    /// One to 16 addresses to listen on, no two the same.
    static var listenAddresses: ValueForm {
        let form = list(
            of: "addresses such as 127.0.0.1:7777, [::1]:7777 or unix:data/martlet.sock",
            upTo: 16,
            element: { (scalar) throws(InvalidValue) in
                try scalar.parsed(verb: "holds") { (text) throws(InvalidText) in try ListenAddress(parsing: text) }
            },
            show: { .word($0.description) }
        )
        return ValueForm(
            expectation: form.expectation,
            isList: true,
            read: { (input) throws(InvalidValue) in
                let addresses = try form.read(input)
                guard !addresses.isEmpty else { throw InvalidValue(found: "is empty") }
                guard Set(addresses).count == addresses.count else {
                    throw InvalidValue(found: "holds the same address twice")
                }
                return addresses
            },
            show: { $0.count == 1 ? .word($0[0].description) : form.show($0) }
        )
    }
}

extension ValueForm<ListenAddress> {
    /// A host and a port.
    static var tcpAddress: ValueForm {
        .word(
            "an address such as 127.0.0.1:9090",
            parse: { (text) throws(InvalidText) in
                let address = try ListenAddress(parsing: text)
                guard case .tcp = address else { throw InvalidText("only a host and a port can be used here") }
                return address
            },
            show: \.description
        )
    }
}

extension ValueForm<AbsoluteURL> {
    /// The URL of a page or picture.
    static var webURL: ValueForm {
        .word(
            "a URL such as https://example.com/page",
            parse: { (text) throws(InvalidText) in try AbsoluteURL(parsing: text, schemes: ["https", "http"]) },
            show: \.description
        )
    }

    /// The URL of a relay, without a query.
    static var relayURL: ValueForm {
        .word(
            "a URL such as wss://relay.example.com",
            parse: { (text) throws(InvalidText) in
                let url = try AbsoluteURL(parsing: text, schemes: ["wss", "ws"])
                guard url.query == nil else { throw InvalidText("a query (?) has no place here") }
                return url
            },
            show: \.description
        )
    }
}

extension ValueForm<DatabaseLocation> {
    /// Where the events are kept.
    static var database: ValueForm {
        .word(
            "a database such as sqlite:data/martlet.db",
            parse: { (text) throws(InvalidText) in try DatabaseLocation(parsing: text) },
            show: \.description
        )
    }
}

extension ValueForm<PublicKey> {
    /// A public key; it is shown in hexadecimal digits.
    static var publicKey: ValueForm {
        .word("a public key as 64 hexadecimal digits or npub", parse: Self.key, show: \.hex)
    }

    fileprivate static func key(_ text: String) throws(InvalidText) -> PublicKey {
        do throws(KeyInputError) {
            return try PublicKey(userInput: text)
        } catch {
            throw InvalidText(clause: error.description)
        }
    }
}

extension ValueForm<[PublicKey]> {
    /// Public keys; they are shown in hexadecimal digits.
    static var publicKeys: ValueForm {
        .words(
            of: "public keys as 64 hexadecimal digits or npub",
            upTo: 1000,
            element: ValueForm<PublicKey>.key,
            show: \.hex
        )
    }
}
