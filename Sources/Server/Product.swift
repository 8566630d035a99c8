/// What the software says of itself.
public enum Product {
    /// The version, as NIP-11, `--version` and the logs give it.
    public static let version = "0.1.0"
    /// NIP-11's `software`.
    static let url = "https://github.com/martlet-relay/martlet"
    /// The NIPs that are switched on (NIP-11, `supported_nips`).
    static let supportedNIPs = [1, 9, 11, 13, 40, 77]
}
