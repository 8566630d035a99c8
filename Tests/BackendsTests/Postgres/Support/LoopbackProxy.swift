import Foundation
import Glibc
import Synchronization
import Testing

/// A listening socket on the loopback that passes bytes on to a server, or does not.
final class LoopbackProxy: Sendable {
    enum Behaviour: Int, Sendable {
        /// Closes what it accepts.
        case closing
        /// Accepts and says nothing.
        case silent
        /// Passes everything on in both directions.
        case passing
        /// Passes everything on up to the end of a transaction that does something; that it swallows, closes the
        /// connection, and passes on what comes later.
        case losingCommit
        /// The same, but that it swallows the answer.
        case losingAnswer
    }

    let port: Int
    private let listener: Int32
    private let target: (host: String, port: UInt16)
    private let behaviour: Atomic<Int>
    private let accepted = Atomic<Int>(0)
    private let isClosed = Atomic<Bool>(false)

    /// - Parameter target: host and port, as "127.0.0.1:5432".
    init(_ behaviour: Behaviour, to target: String = "127.0.0.1:1") throws {
        let parts = target.split(separator: ":")
        self.target = (String(parts[0]), UInt16(parts[1]) ?? 0)
        self.behaviour = Atomic(behaviour.rawValue)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        let bound = Self.withAddress("127.0.0.1", 0) { bind(listener, $0, $1) }
        try #require(bound == 0)
        try #require(listen(listener, 16) == 0)
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &size) }
        }
        try #require(status == 0)
        self.port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in self.serve() }
    }

    /// How many connections have come.
    var connections: Int { self.accepted.load(ordering: .relaxed) }

    /// From now on, for the connections that are open as well.
    func behave(_ behaviour: Behaviour) { self.behaviour.store(behaviour.rawValue, ordering: .relaxed) }

    /// Stops listening and closes what is open; must be called, since the thread keeps the object.
    func close() { self.isClosed.store(true, ordering: .relaxed) }

    private var isPassing: Bool {
        self.behaviour.load(ordering: .relaxed) >= Behaviour.passing.rawValue
    }

    /// Whether it still behaves like that.
    func isStill(_ behaviour: Behaviour) -> Bool { self.behaviour.load(ordering: .relaxed) == behaviour.rawValue }

    private func serve() {
        var pairs: [(client: Int32, server: Int32)] = []
        while !self.isClosed.load(ordering: .relaxed) {
            if Self.isReadable(self.listener) { self.accept(into: &pairs) }
            if self.behaviour.load(ordering: .relaxed) == Behaviour.closing.rawValue {
                for pair in pairs { Self.close(pair) }
                pairs = []
            }
            pairs.removeAll { pair in
                guard self.isPassing, pair.server >= 0 else { return false }
                let isOpen =
                    Self.pass(pair.client, pair.server, unless: { self.loses($0, to: pair.server) })
                    && Self.pass(pair.server, pair.client)
                if !isOpen { Self.close(pair) }
                return !isOpen
            }
            usleep(500)
        }
        for pair in pairs { Self.close(pair) }
        Glibc.close(self.listener)
    }

    private func accept(into pairs: inout [(client: Int32, server: Int32)]) {
        let client = Glibc.accept(self.listener, nil, nil)
        guard client >= 0 else { return }
        self.accepted.add(1, ordering: .relaxed)
        var server: Int32 = -1
        if self.isPassing {
            server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            _ = Self.withAddress(self.target.host, self.target.port) { connect(server, $0, $1) }
        }
        pairs.append((client, server))
    }

    /// Whether these bytes for the server are, or are answered by, what is to be lost.
    private func loses(_ bytes: ArraySlice<UInt8>, to server: Int32) -> Bool {
        let isLosingAnswer = self.isStill(.losingAnswer)
        guard isLosingAnswer || self.isStill(.losingCommit), bytes.contains("; COMMIT".utf8) else { return false }
        if isLosingAnswer {
            var answer = [UInt8](bytes)
            _ = send(server, answer, answer.count, Int32(MSG_NOSIGNAL))
            _ = recv(server, &answer, answer.count, 0)
        }
        // Whoever has asked for another behaviour meanwhile gets that.
        let losing = isLosingAnswer ? Behaviour.losingAnswer : .losingCommit
        _ = self.behaviour.compareExchange(
            expected: losing.rawValue,
            desired: Behaviour.passing.rawValue,
            ordering: .relaxed
        )
        return true
    }

    /// Passes on what there is; false where one side has closed, or is to be closed.
    private static func pass(
        _ source: Int32,
        _ target: Int32,
        unless isLost: (ArraySlice<UInt8>) -> Bool = { _ in false }
    ) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while Self.isReadable(source) {
            let count = recv(source, &bytes, bytes.count, 0)
            guard count > 0, !isLost(bytes[..<count]) else { return false }
            guard send(target, bytes, count, Int32(MSG_NOSIGNAL)) == count else { return false }
        }
        return true
    }

    private static func isReadable(_ descriptor: Int32) -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, 0) > 0
    }

    private static func close(_ pair: (client: Int32, server: Int32)) {
        Glibc.close(pair.client)
        if pair.server >= 0 { Glibc.close(pair.server) }
    }

    private static func withAddress(
        _ host: String,
        _ port: UInt16,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host, &address.sin_addr)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
