import Glibc
import HummingbirdCore
import NIOCore

/// A port that could not be had.
struct ListenError: Error, CustomStringConvertible {
    let description: String

    init(address: String, reason: String) { self.description = "\(address) cannot be listened on: \(reason)" }

    /// - Parameter code: the system's error number.
    init(address: String, code: Int32) {
        self.description =
            switch code {
            case EADDRINUSE: "\(address) is in use by another program"
            case EACCES: "\(address) may not be used by this user"
            case EADDRNOTAVAIL: "\(address) is not an address of this machine"
            default: "\(address) cannot be listened on: \(String(cString: strerror(code)))"
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

    /// Fails where a file or another process has the path of a Unix socket. Only a socket that refuses, as one that a
    /// killed relay has left does, is replaced when the port is opened.
    func makeWay() throws(ListenError) {
        guard case .unix(let path) = self else { return }
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw ListenError(address: self.description, reason: "a file that is no socket stands there")
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let isConnected = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        let code = isConnected || errno == EAGAIN ? EADDRINUSE : errno
        guard code == ECONNREFUSED || code == ENOENT else { throw ListenError(address: self.description, code: code) }
    }
}
