import Glibc

/// Opens WebSockets one after the other, waiting for each.
struct Dialer {
    let address: RelayURL
    /// How long a connection may take.
    let timeoutSeconds: Int
    private let resolved: [Resolved]

    /// An address of the host, as the system wants it.
    private struct Resolved {
        let family: Int32
        let bytes: [UInt8]
    }

    /// Looks the host up.
    init(_ address: RelayURL, timeoutSeconds: Int) throws(BenchFailure) {
        self.address = address
        self.timeoutSeconds = timeoutSeconds
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(address.host, String(address.port), &hints, &list)
        guard code == 0 else {
            throw BenchFailure("\(address.host) has no address: \(String(cString: gai_strerror(code)))")
        }
        defer { freeaddrinfo(list) }
        var resolved: [Resolved] = []
        var entry = list
        while let info = entry?.pointee {
            let bytes = UnsafeRawBufferPointer(start: info.ai_addr, count: Int(info.ai_addrlen))
            resolved.append(Resolved(family: info.ai_family, bytes: Array(bytes)))
            entry = info.ai_next
        }
        self.resolved = resolved
    }

    /// A socket past its handshake, which no longer blocks, and what the relay sent after that.
    func dial() throws(BenchFailure) -> (socket: Int32, early: [UInt8]) {
        let socket = try self.connect()
        do throws(BenchFailure) {
            let early = try self.shakeHands(socket)
            guard fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK) == 0 else {
                throw BenchFailure("the system keeps a socket blocking: \(SystemError.last)")
            }
            return (socket, early)
        } catch {
            close(socket)
            throw error
        }
    }

    private func connect() throws(BenchFailure) -> Int32 {
        var reason = "it has no address"
        for entry in self.resolved {
            let descriptor = socket(entry.family, Int32(SOCK_STREAM.rawValue), 0)
            guard descriptor >= 0 else {
                reason = SystemError.last
                continue
            }
            self.configure(descriptor)
            let code = entry.bytes.withUnsafeBytes { bytes in
                Glibc.connect(
                    descriptor,
                    bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                    socklen_t(bytes.count)
                )
            }
            if code == 0 { return descriptor }
            reason = errno == EINPROGRESS ? "no answer in \(self.timeoutSeconds) s" : SystemError.last
            close(descriptor)
        }
        throw BenchFailure("cannot connect to \(self.address.authority): \(reason)")
    }

    private func configure(_ descriptor: Int32) {
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var limit = timeval(tv_sec: self.timeoutSeconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    private func shakeHands(_ descriptor: Int32) throws(BenchFailure) -> [UInt8] {
        let request = Handshake.request(self.address)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw BenchFailure("the relay takes no handshake: \(SystemError.last)")
        }
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4_096)
        while true {
            if let head = try Handshake.headBytes(answer) { return Array(answer[head...]) }
            let count = recv(descriptor, &piece, piece.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                let isLate = errno == EAGAIN || errno == EWOULDBLOCK
                let reason = isLate ? "no answer in \(self.timeoutSeconds) s" : SystemError.last
                throw BenchFailure("the relay does not answer the handshake: \(reason)")
            }
            guard count > 0 else { throw BenchFailure("the relay closes the connection instead of a handshake") }
            answer += piece[0..<count]
        }
    }
}
