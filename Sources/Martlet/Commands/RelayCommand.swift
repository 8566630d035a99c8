import ArgumentParser
import Server

/// `martlet relay`: serves.
struct RelayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "relay", abstract: "Serve (the default).")

    @OptionGroup var shared: SharedOptions

    @Option(help: "Where to listen: HOST:PORT, [IPV6]:PORT or unix:PATH; overrides the configuration.")
    var listen: [String] = []

    func run() async throws {
        let flags = self.listen.map { (key: "listen", text: $0) }
        let shared = self.shared
        let effective = try shared.load(flags: flags)
        let logger = effective.configuration.makeLogger()
        let relay = Relay(
            effective,
            configurationFile: shared.file,
            reload: { () throws(ConfigurationError) in try shared.load(flags: flags) },
            logger: logger
        )
        try await relay.run()
    }
}
