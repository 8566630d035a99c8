import NIOCore
import NIOSSL

/// Whose certificates are believed.
public enum PeerTrust: Sendable, Hashable {
    case system
    /// The authorities in a file of PEM, and no others.
    case file(String)

    /// What `wss` connections are made with: TLS 1.2 at least, certificate and name verified.
    func makeContext() throws(PeerFailure) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        configuration.applicationProtocols = ["http/1.1"]
        do {
            if case .file(let path) = self {
                let authorities = try NIOSSLCertificate.fromPEMFile(path)
                guard !authorities.isEmpty else { throw PeerFailure.trust(file: path) }
                configuration.trustRoots = .certificates(authorities)
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            if case .file(let path) = self { throw .trust(file: path) }
            throw .encryption(reason: "\(error)")
        }
    }
}
