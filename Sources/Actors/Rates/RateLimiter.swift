/// What clients may do across connections: at present, how many connections an address opens and has open.
public actor RateLimiter {
    private struct Address {
        var open = 0
        var opened: TokenBucket?
    }

    private var addresses: [String: Address] = [:]
    private var open = 0
    private var rates: Rates
    /// Addresses remembered at most; those with nothing open are forgotten first.
    private static let maximumAddresses = 100_000

    public init(rates: Rates) { self.rates = rates }

    /// Puts other rates in force.
    public func apply(_ rates: Rates) { self.rates = rates }

    /// Counts a new connection in, if it may be opened.
    ///
    /// - Parameter now: seconds on a clock that never runs back.
    public func admit(_ name: String, now: Double) -> Admission {
        guard self.open < self.rates.openConnections else { return .refused(.full) }
        var address = self.addresses[name] ?? Address()
        if let most = self.rates.addressOpenConnections, address.open >= most { return .refused(.tooManyOpen) }
        if let rate = self.rates.addressConnections {
            var bucket = address.opened ?? TokenBucket(rate, now: now)
            let wait = bucket.take(rate, now: now)
            address.opened = bucket
            if let wait {
                self.remember(address, name, now: now)
                return .refused(.tooOften(retrySeconds: Int(min(wait, 3_600).rounded(.up))))
            }
        }
        address.open += 1
        self.open += 1
        self.remember(address, name, now: now)
        return .admitted
    }

    /// Counts a connection that was admitted out.
    public func release(_ name: String) {
        self.open -= 1
        guard var address = self.addresses[name] else { return }
        address.open -= 1
        self.addresses[name] = address.open > 0 || address.opened != nil ? address : nil
    }

    private func remember(_ address: Address, _ name: String, now: Double) {
        if self.addresses.count >= Self.maximumAddresses, self.addresses[name] == nil { self.forget(now: now) }
        self.addresses[name] = address
    }

    /// Forgets the addresses whose memory would change no answer; where that frees nothing, all without a connection.
    private func forget(now: Double) {
        let rate = self.rates.addressConnections
        self.addresses = self.addresses.filter { _, address in
            guard address.open == 0, let rate, let bucket = address.opened else { return address.open > 0 }
            return !bucket.isFull(rate, now: now)
        }
        guard self.addresses.count >= Self.maximumAddresses else { return }
        self.addresses = self.addresses.filter { $0.value.open > 0 }
    }
}

/// Whether a connection may be opened.
public enum Admission: Sendable, Equatable {
    public enum Reason: Sendable, Equatable {
        case full
        case tooManyOpen
        case tooOften(retrySeconds: Int)
    }

    case admitted
    case refused(Reason)
}
