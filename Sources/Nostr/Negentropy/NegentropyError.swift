/// Why a message of the other side cannot be understood (NIP-77, "Negentropy Protocol V1").
public enum NegentropyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It ends in the middle of something, or has not even a version.
    case truncated
    /// A number has more digits than it needs, or than 64 bits hold.
    case malformedNumber
    case unknownMode(UInt64)
    /// A bound's prefix is longer than an id.
    case longPrefix(UInt64)
    /// A range ends before it begins.
    case unordered
    /// The responder speaks this version at most, and not ours.
    case unsupportedVersion(UInt8)

    public var description: String {
        switch self {
        case .truncated: "the message is cut short"
        case .malformedNumber: "a number is malformed"
        case .unknownMode(let mode): "there is no mode \(mode)"
        case .longPrefix(let bytes): "an id has 32 bytes, not \(bytes)"
        case .unordered: "a range ends before it begins"
        case .unsupportedVersion(let version): "the version of the protocol is not supported: \(version)"
        }
    }
}
