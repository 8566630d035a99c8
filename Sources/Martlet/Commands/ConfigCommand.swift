import ArgumentParser
import Server

/// `martlet config`: what the relay would run with.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check or show the configuration.",
        subcommands: [Check.self, Show.self]
    )

    /// `martlet config check`: all problems, a line each.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Validate the configuration.")
        @OptionGroup var shared: SharedOptions

        func run() throws {
            try RelayKey.check(self.shared.load().configuration)
            print("The configuration is valid.")
        }
    }

    /// `martlet config show`: every value and where it comes from, secrets hidden.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print every value with its origin.")
        @OptionGroup var shared: SharedOptions

        func run() throws { print(try self.shared.load().rendered(), terminator: "") }
    }
}
