import Backends
import Nostr
import Synchronization

/// The one set of all events that everybody may read, which all reconciliations share that ask for all events, or for
/// those of some time (NIP-77).
///
/// It is made when somebody asks, from the rows of the database, and follows what is published. It is forgotten where
/// another process has changed the database, where nobody has asked for a while, and on any doubt; then it is made anew.
public final class NegentropyIndex: Sendable {
    private let state = Mutex(State())
    /// Whether everything that others do to the database is told at this moment.
    private let isInformed: @Sendable () -> Bool

    /// Marks that are read at once, and those that are taken in while others wait for the lock.
    private static let stretch = (read: 4_000, taken: 200)
    /// Nanoseconds for which nobody has to ask for it to be forgotten, and those for which it counts as too large.
    private static let idleNanoseconds = 600_000_000_000
    private static let refusalNanoseconds = 60_000_000_000

    private struct State {
        var events: PublicEvents?
        /// Whether the rows of the database have been read.
        var isComplete = false
        /// The reading that is going on.
        var building: Task<Void, Never>?
        /// Tells which set a reading is for.
        var generation = 0
        /// The uptime in nanoseconds at which it was last asked for, and at which it was found too large.
        var usedAt = 0
        var refusedAt: Int?
        var isClosed = false

        mutating func forget() {
            self.events = nil
            self.isComplete = false
            self.building = nil
            self.generation += 1
        }
    }

    /// What there is of the set.
    enum Answer {
        /// All of it, and as something that private events can be added to.
        case ready(NegentropySnapshot, NegentropyTree)
        /// It is not made, or cannot be used now.
        case absent
        /// There are more events than are kept.
        case tooLarge
    }

    public init(isInformed: @escaping @Sendable () -> Bool = { true }) { self.isInformed = isInformed }

    /// Takes in what was committed. Call in the order of the commits of each session.
    func apply(_ publication: Publication) {
        self.state.withLock { state in
            guard state.events != nil else { return }
            // What has vanished is gone at once, and its rows are told later.
            guard !publication.isForeign, publication.vanished.isEmpty else { return state.forget() }
            for row in publication.removed { state.events?.remove(row: row) }
            for (event, position) in publication.events {
                guard let position else { continue }
                state.events?.insert(EventMark(event, row: position.row))
            }
            if state.events?.fault != nil { Self.giveUp(&state) }
        }
    }

    private static func giveUp(_ state: inout State) {
        if state.events?.fault == .tooMany { state.refusedAt = state.usedAt }
        state.forget()
    }

    /// The set as it is now.
    ///
    /// - Parameters:
    ///   - now: seconds since 1970; what has expired by then is left out.
    ///   - uptime: nanoseconds.
    func answer(privateKinds: Set<Kind>, now: Int64, uptime: Int) -> Answer {
        guard self.isInformed() else { return .absent }
        return self.state.withLock { state in
            if let refusedAt = state.refusedAt, uptime - refusedAt < Self.refusalNanoseconds { return .tooLarge }
            guard state.events != nil else { return .absent }
            state.usedAt = uptime
            // Another list of kinds is in force.
            if state.events?.privateKinds != privateKinds { state.forget() }
            guard state.isComplete else { return .absent }
            state.events?.expire(by: now)
            if state.events?.fault != nil { Self.giveUp(&state) }
            guard let (snapshot, tree) = state.events?.current() else { return .absent }
            return .ready(snapshot, tree)
        }
    }

    /// Makes the set, unless that is going on; returns when it is made, or cannot be.
    ///
    /// - Parameter maximum: events that are kept at most.
    func prepare(_ readers: ReaderPool, privateKinds: Set<Kind>, maximum: Int, uptime: Int) async {
        guard self.isInformed() else { return }
        let building = self.state.withLock { state -> Task<Void, Never>? in
            state.usedAt = uptime
            guard !state.isComplete, state.building == nil, !state.isClosed else { return state.building }
            state.forget()
            // From now on what is published is taken in; rows are read after this.
            state.events = PublicEvents(privateKinds: privateKinds, maximum: maximum)
            state.refusedAt = nil
            let generation = state.generation
            let building = Task { await self.read(from: readers, generation) }
            state.building = building
            return building
        }
        await building?.value
    }

    @concurrent
    private func read(from readers: ReaderPool, _ generation: Int) async {
        var next: Int64? = 0
        while let row = next {
            guard let stretch = try? await readers.next.marks(after: row, atMost: Self.stretch.read) else {
                return self.end(generation, isComplete: false)
            }
            for start in stride(from: 0, to: stretch.marks.count, by: Self.stretch.taken) {
                let slice = stretch.marks[start..<min(start + Self.stretch.taken, stretch.marks.count)]
                guard self.take(slice, generation) else { return }
            }
            next = stretch.next
        }
        self.end(generation, isComplete: true)
    }

    /// - Returns: whether the set that is being made is still wanted.
    private func take(_ marks: ArraySlice<EventMark>, _ generation: Int) -> Bool {
        self.state.withLock { state in
            guard state.generation == generation else { return false }
            for mark in marks { state.events?.insert(mark) }
            guard state.events?.fault == nil else {
                Self.giveUp(&state)
                return false
            }
            return true
        }
    }

    private func end(_ generation: Int, isComplete: Bool) {
        self.state.withLock { state in
            guard state.generation == generation else { return }
            if !isComplete { return state.forget() }
            state.isComplete = true
            state.building = nil
        }
    }

    /// Forgets the set if nobody has asked for a while.
    ///
    /// - Parameter uptime: nanoseconds.
    public func forgetIfUnused(uptime: Int) {
        self.state.withLock { state in
            guard state.events != nil, uptime - state.usedAt > Self.idleNanoseconds else { return }
            state.forget()
        }
    }

    /// Ends the reading that is going on, and lets none begin.
    public func close() async {
        let building = self.state.withLock { state in
            let building = state.building
            state.isClosed = true
            state.forget()
            return building
        }
        await building?.value
    }

    /// Events that it holds.
    public var count: Int { self.state.withLock { $0.events?.count ?? 0 } }
}
