/// What one slice of the removal of vanished events has come to.
public struct PurgedEvents: Sendable {
    public let removed: [RemovedEvent]
    /// Whether nothing is left to do here; another node may be at work still.
    public let isComplete: Bool

    public init(removed: [RemovedEvent] = [], isComplete: Bool) {
        self.removed = removed
        self.isComplete = isComplete
    }
}
