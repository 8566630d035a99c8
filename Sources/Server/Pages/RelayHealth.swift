/// How the relay does, as the landing page shows it; `/health` and `/ready` say the same to machines.
package struct RelayHealth: Equatable, Sendable {
    /// Whether the relay takes connections and its database answers.
    package var isReady: Bool
    /// Figures worth a reader's glance, such as stored events and open connections.
    package var facts: [Fact]

    /// Creates a state of health.
    package init(isReady: Bool, facts: [Fact] = []) {
        self.isReady = isReady
        self.facts = facts
    }
}
