import Foundation

/// What processes have used of the machine, by the kernel's accounting.
struct ProcessUsage: Equatable {
    /// CPU time in nanoseconds.
    var cpu: UInt64 = 0
    /// Memory in KiB: all that is resident, the anonymous part of it, and the most that was resident at any time.
    var memory = 0
    var anonymous = 0
    var peak = 0

    init() {}

    /// Reads processes together; fails where one of them does not exist.
    init(of processes: [Int32]) throws(BenchFailure) {
        for process in processes {
            guard let status = Self.read("/proc/\(process)/status"), let stat = Self.read("/proc/\(process)/stat")
            else {
                throw BenchFailure("there is no process \(process) to measure")
            }
            self.memory += Self.kibibytes("VmRSS:", of: status)
            self.anonymous += Self.kibibytes("RssAnon:", of: status)
            self.peak += Self.kibibytes("VmHWM:", of: status)
            // The scheduler's account is exact, but that of a thread ends with it; the ticks go on.
            self.cpu += max(Self.threadTimes(of: process), Self.ticks(stat) * Self.tickNanoseconds)
        }
    }

    /// CPU time since an earlier reading, in microseconds.
    func microseconds(since start: ProcessUsage) -> Double {
        self.cpu > start.cpu ? Double(self.cpu - start.cpu) / 1_000 : 0
    }

    private static func threadTimes(of process: Int32) -> UInt64 {
        let folder = "/proc/\(process)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return threads.reduce(0) { $0 + self.firstNumber(self.read("\(folder)/\($1)/schedstat") ?? "") }
    }

    /// The first field of a thread's `schedstat`: nanoseconds on a CPU.
    static func firstNumber(_ text: String) -> UInt64 { UInt64(text.prefix { $0.isNumber }) ?? 0 }

    /// User and system time of a process' `stat`, in ticks; they stand behind its name, which may hold anything.
    static func ticks(_ text: String) -> UInt64 {
        guard let end = text.lastIndex(of: ")") else { return 0 }
        let fields = text[end...].split(separator: " ")
        guard fields.count > 13 else { return 0 }
        return (UInt64(fields[12]) ?? 0) + (UInt64(fields[13]) ?? 0)
    }

    /// A line of a process' `status`.
    static func kibibytes(_ name: String, of text: String) -> Int {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return 0 }
        return Int(line.dropFirst(name.count).filter(\.isNumber)) ?? 0
    }

    private static var tickNanoseconds: UInt64 { 1_000_000_000 / UInt64(max(1, sysconf(Int32(_SC_CLK_TCK)))) }

    private static func read(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
