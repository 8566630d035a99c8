import Nostr
import TestSupport
import Testing

@testable import Backends

/// Nodes that write to one store, as a relay and a command beside it do, or several relays.
@Suite struct ForeignEventTests {
    private static func commits(_ result: SaveResult) -> [CommitPosition] { result.outcomes.compactMap(\.commit) }

    @Test(arguments: Backend.allCases)
    func `what another node saved is handed over once, in the order of commits`(backend: Backend) throws {
        let cluster = try TestNodes(backend)
        let (here, there) = (cluster.nodes[0], cluster.nodes[1])
        #expect(try cluster.heard(by: here).isEmpty)
        let events = (0..<5).map { Event.sample(content: "\($0)") }
        let first = try Self.commits(there.writer.save(Array(events[..<3])))
        let second = try Self.commits(there.writer.save(Array(events[3...])))
        let heard = try cluster.heard(by: here).events
        #expect(heard.map(\.event) == events)
        #expect(heard.map(\.position) == first + second)
        #expect(try cluster.heard(by: here).isEmpty)
    }

    @Test(arguments: Backend.allCases)
    func `what the node saved itself, and what was there before it, is not foreign`(backend: Backend) throws {
        let cluster = try TestNodes(backend, count: 1)
        let here = cluster.nodes[0]
        _ = try here.writer.save([.sample(content: "a")])
        #expect(try cluster.heard(by: here).isEmpty)
        let late = try cluster.join()
        #expect(try cluster.heard(by: late).isEmpty)
        let own = try Self.commits(here.writer.save([.sample(content: "b")]))
        #expect(try cluster.heard(by: here).isEmpty)
        #expect(try cluster.heard(by: late).events.map(\.position) == own)
        let restarted = try cluster.join()
        #expect(try cluster.heard(by: restarted).isEmpty)
    }

    @Test(arguments: Backend.allCases)
    func `many foreign events come in slices, own ones between them left out`(backend: Backend) throws {
        let cluster = try TestNodes(backend)
        let (here, there) = (cluster.nodes[0], cluster.nodes[1])
        var foreign: [CommitPosition] = []
        for batch in 0..<6 {
            let events = (0..<200).map { Event.sample(by: .sample(batch % 3), content: "\(batch) \($0)") }
            foreign += try Self.commits(there.writer.save(events))
            _ = try here.writer.save((0..<3).map { .sample(content: "own \(batch) \($0)") })
        }
        #expect(foreign.count == 1_200)
        #expect(try here.writer.takeForeignEvents(atMost: 0).isEmpty)
        let slices = try cluster.slices(heardBy: here, atMost: 130)
        #expect(slices.flatMap(\.events).map(\.position) == foreign)
        #expect(slices.allSatisfy { $0.events.count <= 500 })
        #expect(try cluster.heard(by: here).events.isEmpty)
    }

    @Test(arguments: Backend.allCases)
    func `foreign events that are gone again are left out`(backend: Backend) throws {
        let cluster = try TestNodes(backend)
        let (here, there) = (cluster.nodes[0], cluster.nodes[1])
        let notes = (0..<4).map { Event.sample(content: "\($0)") }
        let batch = notes + [.sample(kind: 0, at: 1), .sample(kind: 0, at: 2), .deletion(of: [notes[1]])]
        let rows = try Self.commits(there.writer.save(batch)).map(\.row)
        try #require(rows.count == 7)
        #expect(try there.writer.remove(positions: [rows[2]]) == 1)
        #expect(try here.writer.remove(positions: [rows[0]]) == 1)
        let heard = try cluster.heard(by: here)
        #expect(heard.events.map(\.position.row) == [rows[3], rows[5], rows[6]])
        #expect(heard.mayHaveRemovedOthers || heard.removedRows.contains(rows[2]))
        #expect(!heard.removedRows.contains(rows[0]))
        #expect(try cluster.heard(by: here).isEmpty)
    }

    @Test(arguments: Backend.allCases)
    func `the rules hold across nodes`(backend: Backend) throws {
        let cluster = try TestNodes(backend)
        let (here, there) = (cluster.nodes[0].writer, cluster.nodes[1].writer)
        let note = Event.sample(content: "note")
        let stored = try there.save([note])
        #expect(try here.save([note]).outcomes == [.duplicate])
        #expect(try here.save([.sample(kind: 0, at: 2)]).outcomes.map(\.plain) == [.stored])
        let versions = try there.save([.sample(kind: 0, at: 1), .sample(kind: 0, at: 3)])
        #expect(versions.outcomes.map(\.plain) == [.superseded, .stored] && versions.removed.count == 1)
        #expect(try here.save([.deletion(of: [note])]).removed.map(\.row) == Self.commits(stored).map(\.row))
        #expect(try there.save([note]).outcomes == [.deleted])
        #expect(try there.save([.sample(by: .sample(7))]).outcomes.map(\.plain) == [.stored])
        #expect(try here.save([.sample(by: .sample(7), content: "b")]).outcomes.map(\.plain) == [.stored])
        let reader = try cluster.nodes[0].store.openReader()
        defer { reader.close() }
        #expect(try reader.ids(.sample(authors: [.sample(7)])).count == 2)
    }

    @Test(arguments: Backend.allCases, [20_261_501, 20_261_502, 20_261_503] as [UInt64])
    func `however nodes take turns, each gets what the others saved and no more`(backend: Backend, seed: UInt64) throws
    {
        let cluster = try TestNodes(backend, count: 3)
        var random = SplitMix64(seed: seed)
        var saved: [[CommitPosition]] = [[], [], []]
        var heard: [[CommitPosition]] = [[], [], []]
        for step in 0..<backend.rounds(300) {
            let turn = random.below(3)
            let node = cluster.nodes[turn]
            if random.once(in: 2) {
                let batch = (0..<1 + random.below(4)).map {
                    Event.sample(by: .sample(random.below(4)), content: "\(step) \($0)")
                }
                saved[turn] += try Self.commits(node.writer.save(batch))
            } else {
                let slices = try cluster.slices(heardBy: node, atMost: 1 + random.below(5))
                heard[turn] += slices.flatMap(\.events).map(\.position)
            }
        }
        for turn in cluster.nodes.indices {
            heard[turn] += try cluster.heard(by: cluster.nodes[turn]).events.map(\.position)
            let foreign = saved.indices.filter { $0 != turn }.flatMap { saved[$0] }
                .sorted { ($0.transaction, $0.row) < ($1.transaction, $1.row) }
            #expect(heard[turn] == foreign, "seed \(seed)")
        }
        let rows = saved.flatMap(\.self).map(\.row)
        #expect(Set(rows).count == rows.count)
    }

    @Test(arguments: Backend.allCases)
    func `removals by others are noticed once, in whatever way, and own ones are none`(backend: Backend) throws {
        let cluster = try TestNodes(backend)
        let (here, there) = (cluster.nodes[0], cluster.nodes[1])
        let note = Event.sample(content: "note")
        let own = [note, .sample(content: "own"), .sample(tags: [["expiration", "9"]]), .sample(kind: 0, at: 1)]
        let rows = try Self.commits(here.writer.save(own)).map(\.row)
        #expect(try here.writer.remove(positions: [rows[1]]) == 1)
        #expect(try cluster.heard(by: here).isEmpty)
        let removals: [(Int64, () throws -> Int)] = [
            (rows[0], { try there.writer.save([.deletion(of: [note])]).removed.count }),
            (rows[2], { try there.writer.removeExpired(at: 9, atMost: 5).count }),
            (rows[3], { try there.writer.save([.sample(kind: 0, at: 2)]).removed.count }),
        ]
        for (row, remove) in removals {
            #expect(try remove() == 1)
            let heard = try cluster.heard(by: here)
            #expect(heard.mayHaveRemovedOthers || heard.removedRows == [row])
            #expect(try cluster.heard(by: here).isEmpty)
        }
    }

    @Test(arguments: Backend.allCases)
    func `large foreign events come a few at a time`(backend: Backend) throws {
        let cluster = try TestNodes(backend)
        let text = String(repeating: "x", count: 400_000)
        let stored = try cluster.nodes[1].writer.save((0..<7).map { .sample(content: "\($0)\(text)") })
        let slices = try cluster.slices(heardBy: cluster.nodes[0], atMost: 500)
        #expect(slices.flatMap(\.events).map(\.position) == Self.commits(stored))
        #expect(slices.allSatisfy { $0.events.count <= 3 })
    }
}
