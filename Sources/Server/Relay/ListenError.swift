import Glibc
import HummingbirdCore
import NIOCore

/// A port that could not be had.
struct ListenError: Error, CustomStringConvertible {
    let address: String
    /// The system's error number.
    let code: Int32

    var description: String {
        switch self.code {
        case EADDRINUSE: "\(self.address) is in use by another program"
        case EACCES: "\(self.address) may not be used by this user"
        case EADDRNOTAVAIL: "\(self.address) is not an address of this machine"
        default: "\(self.address) cannot be listened on: \(String(cString: strerror(self.code)))"
        }
    }
}

extension ListenAddress {
    var bindAddress: BindAddress {
        switch self {
        case .tcp(let host, let port): .hostname(host, port: port)
        case .unix(let path): .unixDomainSocket(path: path)
        }
    }

    /// The address with the port that was really bound: port 0 asks for any.
    func bound(to address: SocketAddress?) -> ListenAddress {
        guard case .tcp(let host, 0) = self, let port = address?.port else { return self }
        return .tcp(host: host, port: port)
    }
}
