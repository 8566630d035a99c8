/// Addresses whose connections are turned away.
struct BlockList: Sendable, Equatable {
    private var addresses: Set<IPAddress> = []
    private var networks: Set<Network> = []

    mutating func set(_ network: Network, isBlocked: Bool) {
        if network.prefixLength == network.base.family.bitCount {
            if isBlocked { self.addresses.insert(network.base) } else { self.addresses.remove(network.base) }
        } else if isBlocked {
            self.networks.insert(network)
        } else {
            self.networks.remove(network)
        }
    }

    func contains(_ address: IPAddress) -> Bool {
        self.addresses.contains(address) || self.networks.contains { $0.contains(address) }
    }

    /// Whether a client is turned away.
    ///
    /// - Parameter client: an address as text; what is none, such as a Unix socket's peer, is let in.
    func contains(client: String) -> Bool {
        guard !self.addresses.isEmpty || !self.networks.isEmpty else { return false }
        return (try? IPAddress(parsing: client)).map { self.contains($0) } ?? false
    }
}
