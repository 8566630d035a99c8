import ArgumentParser
import Bench

/// Options of every command that loads a relay.
struct BenchOptions: ParsableArguments {
    @Option(help: "The relay: ws://HOST:PORT/PATH.")
    var url: String

    @Option(help: "Process ids of the relay on this machine, with commas between them: measure its CPU and memory.")
    var pid: String?

    @Flag(help: "Print one line of JSON.")
    var json = false

    @Option(help: "Give up when the relay owes an answer and says nothing for so many seconds.")
    var timeout = 30

    func validate() throws {
        guard self.timeout > 0 else { throw ValidationError("--timeout takes a number of seconds above zero.") }
        _ = try self.processes()
    }

    /// The relay that is loaded.
    func target() throws -> BenchTarget {
        BenchTarget(
            address: try RelayURL(self.url),
            processes: try self.processes(),
            timeoutSeconds: self.timeout
        )
    }

    private func processes() throws -> [Int32] {
        try (self.pid ?? "").split(separator: ",").map { text in
            guard let process = Int32(text), process > 0 else {
                throw ValidationError("--pid takes process ids, such as 4711 or 4711,4712.")
            }
            return process
        }
    }

    /// Prints what a run found.
    func show(_ report: Report) throws {
        let output = StandardOutput()
        let text = Array((self.json ? report.json : report.table).utf8)
        try output.write(line: text.span)
        try output.flush()
    }
}
