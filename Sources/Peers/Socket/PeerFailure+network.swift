import NIOCore
import NIOPosix
import NIOSSL
import NIOWebSocket

extension PeerFailure {
    /// What an error of the network means for the exchange.
    init(_ error: any Error, messageBytes: Int) {
        switch error {
        case let failure as PeerFailure: self = failure
        case let error as NIOConnectionError: self = .unreachable(reason: Self.reason(of: error))
        case let error as IOError: self = .lost(reason: error.description)
        case let error as NIOSSLError: self = Self.encryption(error)
        case let error as NIOSSLExtraError: self = .untrusted(reason: error.description)
        case let error as BoringSSLError: self = .encryption(reason: "\(error)")
        case NIOWebSocketError.invalidFrameLength: self = .messageTooBig(bytes: messageBytes)
        case NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge,
            NIOWebSocketFrameAggregator.Error.tooManyFragments:
            self = .messageTooBig(bytes: messageBytes)
        case is NIOWebSocketError, is NIOWebSocketFrameAggregator.Error: self = .malformed(reason: "\(error)")
        case ChannelError.connectTimeout: self = .unreachable(reason: "no answer in time")
        default: self = .lost(reason: "\(error)")
        }
    }

    private static func encryption(_ error: NIOSSLError) -> PeerFailure {
        guard case .handshakeFailed(let cause) = error else { return .encryption(reason: "\(error)") }
        let text = "\(cause)"
        return text.contains("CERTIFICATE_VERIFY_FAILED")
            ? .untrusted(reason: "no authority that is trusted here vouches for it")
            : .encryption(reason: text)
    }

    private static func reason(of error: NIOConnectionError) -> String {
        if let first = error.connectionErrors.first {
            return "\((first.error as? IOError)?.description ?? "\(first.error)")"
        }
        return "there is no host named \(error.host)"
    }
}
