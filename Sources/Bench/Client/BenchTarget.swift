/// The relay that a run loads.
public struct BenchTarget: Sendable {
    public let address: RelayURL
    /// The relay's processes on this machine; empty where their use of it is not to be read.
    public let processes: [Int32]
    /// How long the relay may say nothing while it owes an answer.
    public let timeoutSeconds: Int

    public init(address: RelayURL, processes: [Int32], timeoutSeconds: Int) {
        self.address = address
        self.processes = processes
        self.timeoutSeconds = timeoutSeconds
    }
}
