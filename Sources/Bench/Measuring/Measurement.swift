/// The span of a run that is measured: how long it takes, and what the relay uses meanwhile.
struct Measurement {
    private let processes: [Int32]
    private let start: ProcessUsage
    private let startTime: UInt64
    private let clientStart: UInt64

    /// Begins now.
    init(of target: BenchTarget) throws(BenchFailure) {
        self.processes = target.processes
        self.start = try ProcessUsage(of: target.processes)
        self.startTime = Clock.now
        self.clientStart = Clock.processCPU
    }

    /// What was used up to now.
    func end() throws(BenchFailure) -> Result {
        let seconds = Clock.seconds(since: self.startTime)
        let clientCPU = Double(Clock.processCPU - self.clientStart) / 1_000
        let usage = self.processes.isEmpty ? nil : try ProcessUsage(of: self.processes)
        return Result(seconds: seconds, clientCPU: clientCPU, start: self.start, usage: usage)
    }

    struct Result {
        let seconds: Double
        /// CPU time of the load generator itself, in microseconds.
        let clientCPU: Double
        let start: ProcessUsage
        /// Nil where no process is measured.
        let usage: ProcessUsage?

        /// CPU time of the relay in microseconds.
        var cpu: Double? { self.usage.map { $0.microseconds(since: self.start) } }

        /// Tells what every run tells, for this many operations.
        func describe(in report: inout Report, operations: Int) {
            report.set("seconds", self.seconds)
            report.set("operations", operations)
            report.set("per_second", self.seconds > 0 ? Double(operations) / self.seconds : 0)
            report.set("relay_cpu_us", self.cpu)
            report.set("relay_cpu_us_each", operations > 0 ? self.cpu.map { $0 / Double(operations) } : nil)
            report.set("client_cpu_us_each", operations > 0 ? self.clientCPU / Double(operations) : nil)
            report.set("relay_memory_kb", self.usage?.memory)
            report.set("relay_anonymous_kb", self.usage?.anonymous)
            report.set("relay_peak_kb", self.usage?.peak)
        }
    }
}
