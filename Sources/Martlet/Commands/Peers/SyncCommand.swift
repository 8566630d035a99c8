import ArgumentParser
import Backends
import Nostr
import Peers
import Server

/// `martlet sync`: makes this relay and another one hold the same events.
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Exchange what differs with another relay (NIP-77).",
        discussion: """
            The two relays compare their sets of events, and only what differs is moved. Every event that comes is \
            checked as `martlet import` checks it. Private kinds (access.private_kinds) stay here, but for those of \
            the key in --key-file, unless --private is given; protected events (NIP-70) are moved for that key alone.
            """
    )

    @OptionGroup var shared: SharedOptions
    @OptionGroup var other: PeerOptions

    @Option(help: "Which way events are moved: both, down (to this relay) or up (to the other).")
    var direction: Synchronizer.Direction = .both

    @Flag(help: "Only compare.")
    var dryRun = false

    @Flag(help: "Where the other relay does not compare sets, download and upload everything instead.")
    var fallback = false

    @Flag(name: .customLong("private"), help: "Send private kinds too, whoever they belong to.")
    var sendsPrivate = false

    func validate() throws {
        guard !self.other.filters.contains(where: { $0.limit != nil }) else {
            throw ValidationError("a filter to compare by has no limit: --filter '{\"kinds\":[1]}'")
        }
    }

    func run() async throws {
        let command = self
        try await Interruption.cancelling { try await command.sync() }
    }

    private func sync() async throws {
        let keys = try self.other.keys()
        let store = try self.shared.store(isBulk: true)
        let writer = try store.openWriter()
        defer { writer.close() }
        let reader = try store.openReader()
        defer { reader.close() }
        let bans = BanReader(try store.openReader())
        defer { bans.close() }
        let own = try self.shared.ownEvents(reader, author: keys?.publicKey, withPrivate: self.sendsPrivate)
        let peer = try await self.other.connect(keys)
        let judge = ImportJudge.ofOtherRelays(for: try self.shared.load().configuration.relayURL)
        let intake = EventIntake(writer: writer, judge: judge, bans: bans, author: keys?.publicKey)
        var work = Synchronizer(peer, reader, own, intake, self.direction, isDry: self.dryRun)
        let progress = Progress()
        do {
            try await work.run(self.other.filters) { progress.show($0.counts.text) }
        } catch {
            await peer.close()
            progress.clear()
            if self.fallback, !self.dryRun, case PeerFailure.noNegentropy = error {
                progress.finish("\(error); everything is downloaded and uploaded instead")
                return try await self.moveEverything()
            }
            if work.counts.roundTrips > 0 { self.report(work) }
            throw error
        }
        await peer.close()
        progress.clear()
        self.report(work)
        if let wantsKey = work.uploader.wantsKey { throw wantsKey }
    }

    private func moveEverything() async throws {
        if self.direction != .up { try await DownloadCommand(shared: self.shared, other: self.other).download() }
        if self.direction != .down {
            try await UploadCommand(shared: self.shared, other: self.other, withPrivate: self.sendsPrivate).upload()
        }
    }

    private func report(_ work: Synchronizer) {
        print(work.counts.text)
        guard !self.dryRun else { return }
        if self.direction != .up { print("down: \(work.intake.summary.text)") }
        if work.counts.withheld > 0 { print("\(work.counts.withheld) events were told of, and not given") }
        if self.direction != .down {
            print("up: \(work.uploader.counts.text(unanswered: work.uploader.unanswered))")
        }
        if work.protected > 0 { print("kept \(work.protected) protected events, which only their authors may send") }
    }
}

extension Synchronizer.Direction: ExpressibleByArgument {}
