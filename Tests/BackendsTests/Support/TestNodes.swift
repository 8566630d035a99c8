import Backends
import Nostr
import Testing

/// Nodes that share one database, each with a session that writes, and what each hears of the others.
///
/// One that shares a file asks its session that writes; one that shares a server has a follower. There a further node
/// says when all is said: it stores an event and removes it again, and what came before has been heard when both are.
final class TestNodes {
    final class Node {
        let writer: any StoreWriter
        let store: any EventStore
        fileprivate let follower: (any StoreFollower)?

        fileprivate init(_ store: any EventStore) throws {
            self.store = store
            self.writer = try store.openWriter()
            self.follower = try store.openFollower()
        }
    }

    /// A node does not follow to the end what takes longer.
    private static let patience = (turns: 300, turn: Duration.milliseconds(100))
    private static let marker = PublicKey.sample(1_000)

    private(set) var nodes: [Node] = []
    private let backend: Backend
    private let folder: TemporaryFolder
    private var teller: (any StoreWriter)?
    private var marks: Set<Int64> = []

    init(_ backend: Backend, count: Int = 2) throws {
        self.backend = backend
        self.folder = try TemporaryFolder()
        for _ in 0..<count { try self.join() }
    }

    deinit {
        for node in self.nodes {
            node.follower?.close()
            node.writer.close()
        }
        self.teller?.close()
        self.backend.remove(in: self.folder.url)
    }

    /// Adds a node, which hears of what is done from now on.
    @discardableResult
    func join() throws -> Node {
        let node = try Node(self.backend.store(in: self.folder.url))
        self.nodes.append(node)
        _ = try node.follower?.nextChanges(waiting: .zero)
        _ = try self.slices(heardBy: node)
        return node
    }

    /// What others have done since the last call.
    func heard(by node: Node) throws -> StoreChanges {
        try self.slices(heardBy: node).reduce(into: StoreChanges()) { all, slice in
            all.events += slice.events
            all.ephemeral += slice.ephemeral
            all.removedRows.formUnion(slice.removedRows)
            all.vanished.formUnion(slice.vanished)
            all.mayHaveRemovedOthers = all.mayHaveRemovedOthers || slice.mayHaveRemovedOthers
        }
    }

    /// What others have done since the last call, in the pieces in which it comes.
    ///
    /// - Parameter count: events of one piece, where the one who asks may say.
    func slices(heardBy node: Node, atMost count: Int = 10_000) throws -> [StoreChanges] {
        var slices: [StoreChanges] = []
        guard let follower = node.follower else {
            repeat {
                var slice = StoreChanges()
                slice.mayHaveRemovedOthers = try node.writer.hasForeignChanges()
                slice.events = try node.writer.takeForeignEvents(atMost: count)
                slices.append(slice)
            } while !(slices.last?.events.isEmpty ?? true)
            return slices
        }
        let teller = try self.teller ?? self.backend.store(in: self.folder.url).openWriter()
        self.teller = teller
        let mark = Event.sample(by: Self.marker, content: "\(self.marks.count)")
        let row = try #require(teller.save([mark]).outcomes.first?.position)
        self.marks.insert(row)
        try self.listen(to: follower, &slices) { slice in slice.events.contains { $0.position.row == row } }
        #expect(try teller.remove(positions: [row]) == 1)
        try self.listen(to: follower, &slices) { $0.removedRows.contains(row) }
        return slices.map { slice in
            var slice = slice
            slice.events.removeAll { $0.event.pubkey == Self.marker }
            slice.removedRows.subtract(self.marks)
            return slice
        }
    }

    private func listen(
        to follower: any StoreFollower,
        _ slices: inout [StoreChanges],
        until isEnough: (StoreChanges) -> Bool
    ) throws {
        for _ in 0..<Self.patience.turns {
            slices.append(try follower.nextChanges(waiting: Self.patience.turn))
            if isEnough(slices[slices.count - 1]) { return }
        }
        try #require(Bool(false), "what another node did is not heard of")
    }
}
