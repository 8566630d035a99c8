extension Configuration {
    /// Who may read the metrics, and where.
    public struct Metrics: Equatable, Sendable {
        /// The networks that may read `/metrics`.
        public var allow: [Network] = [.loopbackV4, .loopbackV6]
        /// A separate address that serves only `/metrics`; nil serves it with the rest.
        public var listen: ListenAddress?
    }
}
