/// What the comparison with another relay took, and what it found.
struct SyncCounts: Sendable {
    /// Own events that were compared.
    var compared = 0
    /// Events that the other relay has beyond ours, and that it lacks.
    var toGet = 0
    var toGive = 0
    /// NEG-OPENs, and messages of ours that were answered.
    var comparisons = 0
    var roundTrips = 0
    /// Bytes of the comparison's messages, as they stand in frames.
    var sentBytes = 0
    var receivedBytes = 0
    /// Events that the other relay told of, and did not give.
    var withheld = 0

    var text: String {
        "compared \(self.compared) events here: \(self.toGet) to get, \(self.toGive) to give; "
            + "\(self.roundTrips) round trips, \(self.sentBytes) bytes sent, \(self.receivedBytes) bytes received"
    }
}
