import Backends
import NIOCore
import NIOEmbedded
import Nostr
import TestSupport
import Testing
import Wire

@testable import Actors

/// Subscriptions of real connections that come, go and are replaced between events.
@Suite struct SubscriptionRegistryTests {
    private struct Client {
        let channel: NIOAsyncTestingChannel
        let connection: Connection

        init(_ loop: OneLoop) { (self.channel, self.connection) = loop.connect() }

        /// Names and ids of the events that were sent since this was asked last, in their order.
        func takeEvents() async throws -> [String] {
            await self.connection.flush()
            var text = ""
            while let buffer = try await self.channel.readOutbound(as: ByteBuffer.self) {
                text += String(decoding: buffer.readableBytesView, as: UTF8.self)
            }
            return text.split(separator: #"["EVENT",""#).dropFirst().map { piece in
                let name = piece.prefix { $0 != "\"" }
                return "\(name) \(piece.dropFirst(name.count + 9).prefix(64))"
            }
        }
    }

    /// Filters that want no stored events are live at once.
    private static func filter(using random: inout SplitMix64) -> Filter {
        var filter = Filter()
        filter.limit = 0
        if random.once(in: 2) { filter.kinds = random.some(2, of: [1, 7, 20_001]) }
        if random.once(in: 3) { filter.authors = random.some(2, of: [Make.alice.publicKey, Make.bob.publicKey]) }
        if random.once(in: 3) {
            let values = random.some(2, of: ["a", "b", "c"]).map { SubscriptionID($0).canonical }
            filter.tags = [TagCondition(letter: UInt8(ascii: "t"), values: values)]
        }
        if random.once(in: 20) { filter.kinds = [] }
        return filter
    }

    @Test func `what waits for a round is sent before its subscription is replaced, closed or refused`() async throws {
        let client = Client(OneLoop())
        var notes = Filter()
        notes.limit = 0
        notes.kinds = [1]
        var reactions = notes
        reactions.kinds = [7]
        let event = try Make.event()
        for step in 0..<3 {
            await client.connection.subscribe(SubscriptionID("x"), [notes])
            await client.connection.queue(event, to: SubscriptionID("x"))
            switch step {
            case 0: await client.connection.subscribe(SubscriptionID("x"), [reactions])
            case 1: await client.connection.unsubscribe(SubscriptionID("x"))
            default: await client.connection.end(.normalClosure, "")
            }
            #expect(try await client.takeEvents() == (step < 2 ? ["x \(event.id.hex)"] : []))
        }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `whatever comes and goes between events, each reaches whom it matches, once`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let loop = OneLoop()
        var clients: [Client] = []
        for _ in 0..<3 { clients.append(Client(loop)) }
        var model = [[String: [Filter]]](repeating: [:], count: clients.count)
        var sent = 0
        for step in 0..<600 {
            let number = random.below(clients.count)
            let name = "\(random.below(12))"
            switch random.below(8) {
            case 0...3:
                var filters = (0...random.below(3)).map { _ in Self.filter(using: &random) }
                if random.once(in: 4) { filters.append(filters[0]) }
                await clients[number].connection.subscribe(SubscriptionID(name), filters)
                model[number][name] = filters
            case 4, 5:
                await clients[number].connection.unsubscribe(SubscriptionID(name))
                model[number][name] = nil
            case 6 where random.once(in: 2):
                await loop.registry.publish(Publication(events: [], removed: [Int64(step)]))
            default:
                let events = try (0...random.below(3)).map { index in
                    try Make.event(
                        by: random.pick([Make.alice, Make.bob]),
                        kind: random.pick([1, 7, 20_001]),
                        tags: [["t", random.pick(["a", "b", "c", "d"])], ["t", "a"]],
                        content: "\(step) \(index)"
                    )
                }
                let publication = Publication(
                    events: events.map { ($0, random.once(in: 2) ? nil : CommitPosition(Int64(step))) }
                )
                await loop.registry.publish(publication)
                for (client, subscriptions) in zip(clients, model) {
                    let expected = subscriptions.flatMap { name, filters in
                        events.filter { event in
                            filters.contains { !$0.isUnsatisfiable && Matcher($0).matches(event) }
                        }.map { "\(name) \($0.id.hex)" }
                    }
                    let received = try await client.takeEvents()
                    try #require(received.sorted() == expected.sorted(), "seed \(seed), step \(step)")
                    sent += received.count
                }
            }
            let open = model.reduce(0) { $0 + $1.count }
            try #require(loop.metrics.activeSubscriptions.value == open, "seed \(seed), step \(step)")
        }
        #expect(sent > 200)
        for client in clients { await client.connection.closed() }
        #expect(loop.metrics.activeSubscriptions.value == 0)
        await loop.registry.publish(Publication(events: [(try Make.event(), nil)]))
        for client in clients { #expect(try await client.takeEvents() == []) }
    }

    @Test func `a subscription that came and went between two events gets neither`() async throws {
        let loop = OneLoop()
        let client = Client(loop)
        var filter = Filter()
        filter.limit = 0
        for isReplaced in [false, true] {
            await loop.registry.publish(Publication(events: [(try Make.event(content: "before"), nil)]))
            await client.connection.subscribe(SubscriptionID("x"), [filter])
            if isReplaced {
                filter.kinds = [9]
                await client.connection.subscribe(SubscriptionID("x"), [filter])
            } else {
                await client.connection.unsubscribe(SubscriptionID("x"))
            }
            await loop.registry.publish(Publication(events: [(try Make.event(content: "after"), nil)]))
            #expect(try await client.takeEvents() == [])
        }
    }
}

extension Connection {
    /// Takes a live event as from the registry, whose round is yet to come.
    fileprivate func queue(_ event: Event, to name: SubscriptionID) {
        guard let key = self.keys[name] else { return }
        _ = self.deliver(LiveEvent(event, position: CommitPosition(1)), to: key)
    }
}
