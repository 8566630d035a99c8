import ArgumentParser
import Backends
import Foundation
import Server

/// The options that every command takes.
struct SharedOptions: ParsableArguments {
    @Option(help: "The configuration file (default: Config/martlet.yaml, if it exists).")
    var config: String?

    @Option(help: "The database, such as sqlite:data/martlet.db; overrides the configuration.")
    var database: String?

    static let defaultFile = "Config/martlet.yaml"

    /// The file that is read, whether it exists or not.
    var file: String { self.config ?? Self.defaultFile }

    /// Reads the configuration.
    ///
    /// - Parameter flags: further keys that the command line sets.
    func load(flags: [(key: String, text: String)] = []) throws(ConfigurationError) -> EffectiveConfiguration {
        var flags = flags
        if let database { flags.append(("database", database)) }
        return try ConfigurationLoader(
            file: self.file,
            isExplicit: self.config != nil,
            environment: ProcessInfo.processInfo.environment,
            flags: flags
        ).load()
    }

    /// The database of the configuration.
    ///
    /// - Parameter isBulk: whether a great many events are to be written.
    func store(isBulk: Bool = false) throws -> any EventStore {
        let configuration = try self.load().configuration
        return try StoreURL.store(
            configuration.database.description,
            pageCacheBytes: configuration.storage.pageCache,
            readers: 1,
            isBulk: isBulk
        )
    }
}
