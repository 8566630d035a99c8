import Actors
import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

/// Reads the configuration again on SIGHUP and when its file changes, and puts in force what can change while running.
actor ConfigurationWatcher: Service {
    private let assembly: Assembly
    private var running: Configuration
    private let file: String?
    private let reload: @Sendable () throws(ConfigurationError) -> EffectiveConfiguration
    private let logger: Logger

    init(
        assembly: Assembly,
        running: Configuration,
        file: String?,
        reload: @escaping @Sendable () throws(ConfigurationError) -> EffectiveConfiguration,
        logger: Logger
    ) {
        self.assembly = assembly
        self.running = running
        self.file = file
        self.reload = reload
        self.logger = logger
    }

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in signals.cancelOnGracefulShutdown() { await self.readAgain() }
            }
            if let file = self.file { group.addTask { await self.watch(file) } }
        }
    }

    /// Looks at the file's identity, size and time every second.
    private func watch(_ file: String) async {
        var last = FileStamp(file)
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(1)) }
            let stamp = FileStamp(file)
            guard let stamp, stamp != last else { continue }
            last = stamp
            await self.readAgain()
        }
    }

    private func readAgain() async {
        let fresh: Configuration
        do {
            fresh = try self.reload().configuration
        } catch {
            for problem in error.problems { self.logger.error("configuration not reloaded: \(problem)") }
            return
        }
        let changes = ConfigurationChanges(from: self.running, to: fresh)
        guard !changes.isEmpty else { return }
        self.running = changes.configuration
        await self.assembly.apply(changes.configuration)
        RelayLogHandler.sharedLevel = changes.configuration.log.loggerLevel
        if !changes.applied.isEmpty {
            self.logger.info("configuration reloaded", metadata: ["keys": "\(changes.applied.joined(separator: ", "))"])
        }
        if !changes.needingRestart.isEmpty {
            let keys = changes.needingRestart.joined(separator: ", ")
            self.logger.warning("these changes need a restart", metadata: ["keys": "\(keys)"])
        }
    }
}

/// What tells one version of a file from another.
struct FileStamp: Equatable {
    private let identity: ino_t
    private let size: off_t
    private let seconds: Int
    private let nanoseconds: Int

    /// Nil where there is no such file.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.identity = status.st_ino
        self.size = status.st_size
        self.seconds = status.st_mtim.tv_sec
        self.nanoseconds = status.st_mtim.tv_nsec
    }
}
