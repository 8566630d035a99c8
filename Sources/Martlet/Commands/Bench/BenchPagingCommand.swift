import ArgumentParser
import Bench
import Nostr

/// `martlet bench paging`: whether the last page of a long history costs more than the first.
struct BenchPagingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "paging",
        abstract: "Read the whole history of one author, page by page.",
        discussion: """
            The author is the one whose notes `bench generate --single-author` prints with the same --seed, --base and \
            --events as --seed, --base and --author-events here, or --author.
            """
    )

    @OptionGroup var bench: BenchOptions

    @Option(help: "How many notes the corpus' author has, a second apart.")
    var authorEvents = 200_000

    @Option(help: "Read the notes of this author instead: 64 hexadecimal digits.")
    var author: String?

    @Option(help: "Events of a page.")
    var limit = 500

    @Option(help: "What the author's key and notes follow from.")
    var seed: UInt64 = 1

    @Option(help: "When the first note was made, in seconds since 1970.")
    var base: Int64 = 1_700_000_000

    @Flag(help: "Publish the notes first.")
    var publish = false

    func validate() throws {
        guard self.limit > 0 else { throw ValidationError("--limit takes a number above zero.") }
        guard self.author == nil || !self.publish else {
            throw ValidationError("--publish knows the secret of no other author: leave --author out.")
        }
        try CorpusOptions.check(events: self.authorEvents, authors: 1, base: self.base)
        _ = try self.publicKey()
    }

    func run() async throws {
        let workload = PagingWorkload(
            target: try self.bench.target(),
            shape: CorpusShape(events: self.authorEvents, authors: 1, seed: self.seed, base: self.base),
            author: try self.publicKey(),
            limit: self.limit,
            publishes: self.publish
        )
        try self.bench.show(try await workload.run())
    }

    private func publicKey() throws -> PublicKey? {
        guard let author else { return nil }
        guard let key = PublicKey(hex: author) else {
            throw ValidationError("--author takes 64 lower-case hexadecimal digits.")
        }
        return key
    }
}
