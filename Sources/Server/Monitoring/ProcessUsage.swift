import Glibc

/// What the process uses of the machine, by the kernel's accounting.
struct ProcessUsage: Sendable {
    private var lastProcessor: Int
    private var lastUptime: Int

    /// - Parameter uptime: nanoseconds of a clock that never runs back.
    init(uptime: Int) {
        self.lastProcessor = Self.processorNanoseconds
        self.lastUptime = uptime
    }

    /// Percent of one core since the last call.
    mutating func processorPercent(uptime: Int) -> Double {
        let processor = Self.processorNanoseconds
        defer { (self.lastProcessor, self.lastUptime) = (processor, uptime) }
        guard uptime > self.lastUptime else { return 0 }
        let share = Double(processor - self.lastProcessor) / Double(uptime - self.lastUptime)
        return (share * 1_000).rounded() / 10
    }

    private static var processorNanoseconds: Int {
        var moment = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &moment)
        return Int(moment.tv_sec) * 1_000_000_000 + Int(moment.tv_nsec)
    }

    /// Bytes of resident memory.
    static var residentBytes: Int { Self.memory(field: 1) }

    /// Bytes of resident memory that is no part of a file.
    static var anonymousBytes: Int { Self.memory(field: 1) - Self.memory(field: 2) }

    private static func memory(field: Int) -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let text = line.prefix { $0 != 0 }.map { Character(Unicode.Scalar(UInt8(bitPattern: $0))) }
        let pages = String(text).split(separator: " ").dropFirst(field).first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
