/// A sort of question that clients ask of a relay.
public enum FilterClass: String, CaseIterable, Sendable {
    /// One to twenty events by id.
    case ids
    /// The latest notes of one author, the busy ones more often.
    case author
    /// The latest notes and reposts of 50 to 300 authors.
    case feed
    /// What refers to one to thirty events.
    case reactions
    /// What names one author.
    case mentions
    /// The profiles of 20 to 200 authors.
    case profiles
    /// The latest notes with one hashtag.
    case hashtag
    /// The latest notes of all.
    case global
    /// Everything of the last minutes, up to 200.
    case recent
    /// One kind in a window of 5,000 seconds.
    case window
    /// The best notes for one word, for two, or for a phrase of three (NIP-50); most notes hold each word.
    case search

    /// The mix of a run, in turn.
    public static let mix: [FilterClass] = [
        .ids, .author, .author, .feed, .reactions, .reactions, .mentions, .profiles, .hashtag, .global, .recent,
        .window,
    ]
}
