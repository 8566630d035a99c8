/// Why the exchange with another relay cannot go on; the description is a sentence for the operator.
public enum PeerFailure: Error, Hashable, Sendable, CustomStringConvertible {
    case unreachable(reason: String)
    case openingTimedOut(seconds: Int64)
    case untrusted(reason: String)
    /// TLS fails for another reason than the certificate.
    case encryption(reason: String)
    /// The file with the authorities to trust cannot be used.
    case trust(file: String)
    /// The answer to the handshake is no 101.
    case noWebSocket(status: String)
    case closed(code: UInt16?, reason: String)
    case lost(reason: String)
    case silent(seconds: Int64)
    case messageTooBig(bytes: Int)
    case malformed(reason: String)
    /// The relay says a lot, and nothing of it is an answer.
    case chatter(messages: Int)
    /// A request was answered with CLOSED.
    case refused(text: String)
    case needsKey(text: String)
    case keyRefused(text: String)
    case unasked(events: Int)
    case mostlyInvalid(rejected: Int)
    case rateLimited(text: String)
    case noNegentropy(text: String)
    case negentropy(reason: String)
    /// The work was stopped from outside.
    case stopped

    public var description: String {
        switch self {
        case .unreachable(let reason): "the other relay cannot be reached: \(reason)"
        case .openingTimedOut(let seconds): "the other relay did not answer within \(seconds) seconds"
        case .untrusted(let reason): "the other relay's certificate is not to be trusted: \(reason)"
        case .encryption(let reason): "there is no encrypted connection with the other relay: \(reason)"
        case .trust(let file): "\(file) holds no certificates in PEM that could be trusted"
        case .noWebSocket(let status): "there is no WebSocket at this address: the answer is \(status)"
        case .closed(let code, let reason):
            "the other relay closed the connection" + (code.map { " with code \($0)" } ?? "")
                + (reason.isEmpty ? "" : ": \(reason)")
        case .lost(let reason): "the connection was lost: \(reason)"
        case .silent(let seconds): "the other relay has not answered for \(seconds) seconds"
        case .messageTooBig(let bytes): "the other relay sends a message of more than \(bytes) bytes"
        case .malformed(let reason): "the other relay does not keep to the WebSocket protocol: \(reason)"
        case .chatter(let messages): "the other relay sent \(messages) messages, and no answer"
        case .refused(let text): "the other relay refuses the request: \(text)"
        case .needsKey(let text): "the other relay wants a key to authenticate with (--key-file): \(text)"
        case .keyRefused(let text): "the other relay refuses the key of --key-file: \(text)"
        case .unasked(let events): "the other relay answered with \(events) events that were not asked for"
        case .mostlyInvalid(let rejected):
            "most of what the other relay sends cannot be taken: \(rejected) events were rejected"
        case .rateLimited(let text): "the other relay goes on refusing for its rate limit: \(text)"
        case .noNegentropy(let text): "the other relay does not compare sets of events (NIP-77): \(text)"
        case .negentropy(let reason): "the comparison with the other relay failed: \(reason)"
        case .stopped: "stopped before the end"
        }
    }
}
