import ArgumentParser
import Bench

/// `martlet bench verification`: the unit in which the cost of an event is told.
struct BenchVerificationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verification",
        abstract: "Print what one bare signature check costs here, in microseconds of CPU."
    )

    func run() async throws {
        let output = StandardOutput()
        let microseconds = (try BareVerification.microseconds() * 100).rounded() / 100
        try output.write(line: Array("\(microseconds)".utf8).span)
        try output.flush()
    }
}
