/// Why a request's `Authorization` proves nothing (NIP-98); the description is a sentence for the client.
public enum HTTPAuthorizationError: Error, Hashable, Sendable, CustomStringConvertible {
    case missing
    case wrongScheme
    case notBase64
    case notAnEvent(String)
    case wrongKind(Kind)
    case wrongTime
    case wrongURL
    case wrongMethod
    case noPayload
    case wrongPayload
    case wrongSignature
    case usedBefore

    public var description: String {
        switch self {
        case .missing: "the request has no Authorization header (NIP-98)"
        case .wrongScheme: "the Authorization header is the word Nostr and an event in base64 (NIP-98)"
        case .notBase64: "what follows the word Nostr in the Authorization header is not base64"
        case .notAnEvent(let reason): "the Authorization header holds no event: \(reason)"
        case .wrongKind(let kind): "the event that authorizes a request is of kind 27235, not \(kind)"
        case .wrongTime:
            "created_at is more than \(HTTPAuthorization.windowSeconds) seconds from the relay's time"
        case .wrongURL: "there has to be one u tag, and it has to be this relay's URL"
        case .wrongMethod: "there has to be one method tag, and it has to be the request's method"
        case .noPayload: "there has to be one payload tag, the SHA-256 of the body"
        case .wrongPayload: "the payload tag is not the SHA-256 of the body"
        case .wrongSignature: "the signature is not the author's"
        case .usedBefore: "this event has authorized a request before; sign a new one for each"
        }
    }
}
