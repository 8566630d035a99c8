/// Why a text that a person typed is not a public key; a secret key is never repeated in it.
public enum KeyInputError: Error, Equatable, CustomStringConvertible {
    case secretKey
    case upperCaseHex
    case otherEntity(String)
    case malformed

    public var description: String {
        switch self {
        case .secretKey:
            "this is a secret key (nsec); give the public key (npub) instead, and treat the secret as exposed"
        case .upperCaseHex: "hexadecimal keys are written in lower case"
        case .otherEntity(let kind): "expected a public key (npub or 64 hexadecimal digits), not \(kind)"
        case .malformed: "expected a public key: an npub or 64 lower-case hexadecimal digits"
        }
    }
}
