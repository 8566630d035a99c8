import ArgumentParser

/// `martlet bench`: loads any relay, and says what that cost.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Load a relay and measure it.",
        discussion: """
            The events follow from --seed, --events, --authors and --base alone, so a later run knows what an earlier \
            one stored: publish, then query with the same four. Everything is said over ws://, to any relay; with \
            --pid the kernel's account of a relay on this machine is read too.
            """,
        subcommands: [
            BenchPublishCommand.self, BenchQueryCommand.self, BenchFanoutCommand.self, BenchIdleCommand.self,
            BenchPagingCommand.self, BenchGenerateCommand.self, BenchVerificationCommand.self,
        ]
    )
}
