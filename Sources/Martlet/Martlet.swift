import ArgumentParser
import Server

/// The one executable: a relay, and the tools around its database.
@main
struct Martlet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "A Nostr relay.",
        version: Product.version,
        subcommands: [
            RelayCommand.self, ImportCommand.self, ExportCommand.self, ScanCommand.self, CountCommand.self,
            DeleteCommand.self, SyncCommand.self, DownloadCommand.self, UploadCommand.self, BackupCommand.self,
            RestoreCommand.self, MigrateCommand.self, BenchCommand.self, MembersCommand.self, ConfigCommand.self,
            AuditCommand.self,
        ],
        defaultSubcommand: RelayCommand.self
    )
}
