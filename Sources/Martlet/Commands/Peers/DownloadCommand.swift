import ArgumentParser
import Backends
import Foundation
import Nostr
import Peers
import Server

/// `martlet download`: takes what another relay has.
struct DownloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "download",
        abstract: "Store what another relay has.",
        discussion: """
            Reads backwards, newest first, by plain requests (NIP-01). Every event is checked as `martlet import` \
            checks it; protected ones (NIP-70) are left to their authors. Where it is stopped, it prints the filters \
            that go on from there. `martlet sync` is quicker where the other relay compares sets of events.
            """
    )

    @OptionGroup var shared: SharedOptions
    @OptionGroup var other: PeerOptions

    init() {}

    init(shared: SharedOptions, other: PeerOptions) {
        (self.shared, self.other) = (shared, other)
    }

    func run() async throws {
        let command = self
        try await Interruption.cancelling { try await command.download() }
    }

    func download() async throws {
        let keys = try self.other.keys()
        let store = try self.shared.store(isBulk: true)
        let writer = try store.openWriter()
        defer { writer.close() }
        let bans = BanReader(try store.openReader())
        defer { bans.close() }
        let peer = try await self.other.connect(keys)
        let judge = ImportJudge.ofOtherRelays(for: try self.shared.load().configuration.relayURL)
        let intake = EventIntake(writer: writer, judge: judge, bans: bans, author: keys?.publicKey)
        var downloader = Downloader(peer, intake, filters: self.other.filters)
        let progress = Progress()
        do {
            try await downloader.run { progress.show("read \($0.read), stored \($0.stored)") }
        } catch {
            await peer.close()
            progress.clear()
            self.report(downloader)
            throw error
        }
        await peer.close()
        progress.clear()
        self.report(downloader)
    }

    private func report(_ downloader: Downloader) {
        print(downloader.intake.summary.text)
        if downloader.crowdedSeconds > 0 {
            print(
                "\(downloader.crowdedSeconds) seconds hold more events than the other relay sends at once: "
                    + "of these it may have more"
            )
        }
        guard !downloader.rest.isEmpty else { return }
        let filters = downloader.rest.map { "--filter '\(String(decoding: $0.json, as: UTF8.self).shellQuoted)'" }
        print("to go on: martlet download \(self.other.url) \(filters.joined(separator: " "))")
    }
}

extension String {
    /// What stands between single quotes in a shell.
    fileprivate var shellQuoted: String { self.replacingOccurrences(of: "'", with: "'\\''") }
}
