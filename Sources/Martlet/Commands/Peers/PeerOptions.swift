import ArgumentParser
import Foundation
import Nostr
import Peers
import Server

/// What every command is told about another relay.
struct PeerOptions: ParsableArguments {
    @Argument(
        help: "The other relay: ws://HOST[:PORT][/PATH], or wss:// for an encrypted connection.",
        transform: Self.address
    )
    var url: PeerAddress

    @Option(
        help: "Only what matches this filter of NIP-01, a JSON object; may be given several times.",
        transform: Filter.argument
    )
    var filter: [Filter] = []

    @Option(help: "A file with the secret key to authenticate with, where the other relay asks for one: nsec or hex.")
    var keyFile: String?

    @Option(help: "A file of PEM with the authorities to trust for wss, instead of the system's.")
    var ca: String?

    @Option(help: "Seconds to wait for an answer.")
    var timeout: Int64 = PeerLimits().silenceSeconds

    func validate() throws {
        guard (1...86_400).contains(self.timeout) else {
            throw ValidationError("--timeout is a number of seconds from 1 to 86400")
        }
        guard self.filter.allSatisfy({ $0.search == nil }) else {
            throw ValidationError("events are not exchanged by what a search finds: each relay finds something else")
        }
    }

    /// The filters, or the one that matches everything.
    var filters: [Filter] { self.filter.isEmpty ? [Filter()] : self.filter }

    func keys() throws(KeyFileError) -> KeyPair? {
        guard let keyFile else { return nil }
        return try KeyPair(file: keyFile)
    }

    func connect(_ keys: KeyPair?) async throws -> Peer {
        var limits = PeerLimits()
        limits.silenceSeconds = self.timeout
        limits.openingSeconds = min(limits.openingSeconds, self.timeout)
        let trust = self.ca.map { PeerTrust.file($0) } ?? .system
        return try await Peer.connect(to: self.url, keys: keys, trust: trust, limits: limits)
    }

    @Sendable
    private static func address(_ text: String) throws -> PeerAddress {
        do {
            let url = try AbsoluteURL(parsing: text, schemes: ["ws", "wss"])
            return PeerAddress(
                host: url.host,
                port: url.port,
                target: url.query.map { "\(url.path)?\($0)" } ?? url.path,
                isSecure: url.scheme == "wss",
                text: text
            )
        } catch {
            throw ValidationError("\(text) is not a relay's address like wss://relay.example.com: \(error)")
        }
    }
}
