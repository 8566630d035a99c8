/// The words of an event, found when they are first asked for: most events are tried on no search.
public final class EventWords {
    private let event: Event

    public init(_ event: Event) { self.event = event }

    public private(set) lazy var words = self.event.searchWords
}
