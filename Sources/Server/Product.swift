/// What the software says of itself.
public enum Product {
    /// The version, as NIP-11, `--version` and the logs give it.
    public static let version = "0.1.0"
    /// NIP-11's `software`.
    static let url = "https://github.com/martlet-relay/martlet"

    /// The NIPs that are always there.
    static let supportedNIPs = [1, 9, 11, 13, 40, 45, 62, 67]

    /// The NIPs that a configuration switches on (NIP-11, `supported_nips`).
    static func supportedNIPs(_ configuration: Configuration) -> [Int] {
        var numbers = Self.supportedNIPs
        // Whoever is to prove something has to name the relay.
        if configuration.relayURL != nil { numbers += [17, 42, 59, 70] }
        if configuration.search.isEnabled { numbers.append(50) }
        if configuration.negentropy.isEnabled { numbers.append(77) }
        if Administration(configuration).isOn { numbers.append(86) }
        return numbers.sorted()
    }
}
