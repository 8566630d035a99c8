import HTTPTypes
import NIOCore

/// Where a request comes from: the peer, or what a trusted proxy says of it.
enum ClientAddress {
    /// What a client's limits are counted under: its address, of IPv6 the /64 that one subscriber has.
    static func limitKey(_ client: String) -> String {
        guard let address = try? IPAddress(parsing: client), address.family == .v6 else { return client }
        return IPAddress(v6: (address.bits >> 64) << 64).description + "/64"
    }

    /// - Parameters:
    ///   - peer: nil or without an address for a Unix socket, whose peers are this machine's own proxies.
    ///   - forwardedFor: the values of `X-Forwarded-For`, in their order.
    ///   - realIP: the value of `X-Real-IP`.
    static func resolve(
        peer: SocketAddress?,
        forwardedFor: [String],
        realIP: String?,
        trusted: [Network]
    ) -> String {
        let address = peer?.ipAddress.flatMap { try? IPAddress(parsing: $0) }
        if let address, !trusted.contains(where: { $0.contains(address) }) { return address.description }
        // From the right: each proxy appends the address that it was called from, and only trusted ones are believed.
        for value in forwardedFor.joined(separator: ",").split(separator: ",").reversed() {
            let text = value.drop { $0 == " " }.prefix { $0 != " " }
            guard let hop = try? IPAddress(parsing: text) else { break }
            if !trusted.contains(where: { $0.contains(hop) }) { return hop.description }
        }
        if let realIP, let hop = try? IPAddress(parsing: realIP) { return hop.description }
        return address?.description ?? "unix"
    }
}
