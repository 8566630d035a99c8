import ArgumentParser
import Bench

/// `martlet bench generate`: the events that `publish` would send, as JSON lines.
struct BenchGenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Print the events of a corpus as JSON lines."
    )

    @OptionGroup var corpus: CorpusOptions

    @Flag(help: "Write signatures that mean nothing, for import --no-verify: it takes a tenth of the time.")
    var unsigned = false

    @Flag(help: "Print the notes of one author instead, a second apart, which `bench paging` walks through.")
    var singleAuthor = false

    func run() async throws {
        let corpus = self.singleAuthor ? Corpus.singleAuthor(self.corpus.shape) : Corpus(self.corpus.shape)
        let output = StandardOutput()
        try await corpus.forEachPiece(isSigned: !self.unsigned) { lines in
            for line in lines { try output.write(line: line.span) }
        }
        try output.flush()
    }
}
