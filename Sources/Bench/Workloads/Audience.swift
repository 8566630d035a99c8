/// Who subscribes to what in a fan-out, and so how often an event has to be delivered.
struct Audience {
    /// A filter for each subscriber.
    let filters: [String]
    /// The kind that is asked for.
    private let kind: UInt16
    /// How many follow each author; nil where nobody asks for authors.
    private let followers: [Int]?

    init(_ interest: FanoutWorkload.Interest, count: Int, of corpus: Corpus) throws(BenchFailure) {
        switch interest {
        case .kind(let kind):
            self.filters = Array(repeating: #"{"kinds":[\#(kind)],"limit":1}"#, count: count)
            self.kind = kind
            self.followers = nil
        case .authors(let follows):
            var sampler = try FilterSampler(corpus)
            var followers = [Int](repeating: 0, count: corpus.shape.authors)
            var filters: [String] = []
            for _ in 0..<count {
                let (authors, filter) = sampler.follows(follows)
                for author in authors { followers[author] += 1 }
                filters.append(filter)
            }
            self.filters = filters
            self.kind = 1
            self.followers = followers
        }
    }

    /// How many subscribers an event is for.
    func size(for event: CorpusEvent.Trace) -> Int {
        guard event.kind == self.kind else { return 0 }
        return self.followers?[Int(event.author)] ?? self.filters.count
    }
}
