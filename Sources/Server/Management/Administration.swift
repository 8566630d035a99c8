import Nostr

/// Whether the relay can be managed over HTTP (NIP-86).
enum Administration: Sendable, Equatable {
    /// By what the relay is called in the events that authorize requests.
    case on(RelayURL)
    /// With the sentence that says why.
    case off(String)

    init(_ configuration: Configuration) {
        guard !configuration.admins.isEmpty else {
            self = .off("this relay is not managed over HTTP: no admins are configured")
            return
        }
        let isLocal = configuration.listen.allSatisfy(\.isLoopback)
        guard configuration.url != nil || isLocal, let address = configuration.publicURL.flatMap({ RelayURL($0) })
        else {
            self = .off("this relay is not managed over HTTP: its public URL (url) is not configured")
            return
        }
        self = .on(address)
    }

    var isOn: Bool {
        if case .on = self { true } else { false }
    }
}

extension RelayInformation {
    /// Puts in what admins have changed.
    mutating func take(_ state: ManagementState) {
        self.name = state.information[.name] ?? self.name
        self.description = state.information[.description] ?? self.description
        self.icon = state.information[.icon] ?? self.icon
    }
}
