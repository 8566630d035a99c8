import ArgumentParser
import Backends
import Nostr
import Peers

/// `martlet upload`: gives another relay what this one has.
struct UploadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upload",
        abstract: "Send stored events to another relay.",
        discussion: """
            Sends everything that matches, oldest first; what the other relay has already it calls a duplicate. Where \
            it limits the rate, the command slows down. Private kinds (access.private_kinds) stay here, but for those \
            of the key in --key-file, unless --private is given; protected events (NIP-70) are sent for that key alone.
            """
    )

    @OptionGroup var shared: SharedOptions
    @OptionGroup var other: PeerOptions

    @Flag(name: .customLong("private"), help: "Send private kinds too, whoever they belong to.")
    var sendsPrivate = false

    init() {}

    init(shared: SharedOptions, other: PeerOptions, withPrivate sendsPrivate: Bool) {
        (self.shared, self.other, self.sendsPrivate) = (shared, other, sendsPrivate)
    }

    func run() async throws {
        let command = self
        try await Interruption.cancelling { try await command.upload() }
    }

    func upload() async throws {
        let keys = try self.other.keys()
        let reader = try self.shared.store().openReader()
        defer { reader.close() }
        var own = try self.shared.ownEvents(reader, author: keys?.publicKey, withPrivate: self.sendsPrivate)
        let peer = try await self.other.connect(keys)
        var uploader = Uploader(peer)
        let progress = Progress()
        do {
            try await own.forEach(self.other.filters) { event in
                try await uploader.send(event)
                progress.show("sent \(uploader.counts.sent), accepted \(uploader.counts.accepted)")
            }
            try await uploader.finish()
        } catch {
            await peer.close()
            progress.clear()
            print(uploader.counts.text(unanswered: uploader.unanswered))
            throw error
        }
        await peer.close()
        progress.clear()
        print(uploader.counts.text(unanswered: 0))
        if own.protected > 0 { print("kept \(own.protected) protected events, which only their authors may send") }
        if let wantsKey = uploader.wantsKey { throw wantsKey }
    }
}
