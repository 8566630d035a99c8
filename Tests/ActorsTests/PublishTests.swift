import NIOCore
import NIOEmbedded
import Nostr
import Synchronization
import Testing

@testable import Actors
@testable import Backends

/// Events that come again: what is answered with neither a check of the signature nor a transaction, and what is not.
@Suite struct PublishTests {
    private let loop = OneLoop()
    private let old: Event
    private let duplicate = "true duplicate: already have this event"
    private let superseded = "true duplicate: a newer version is stored"
    private let invalid = "false invalid: the signature is not the author's"

    init() throws { self.old = try Make.event(kind: 0, content: "old") }

    private var transactions: [Int] { self.loop.log.batches.withLock { $0 } }

    private func stand(_ event: Event, _ standing: Standing?) {
        self.loop.standings.standings.withLock { $0[event.id] = standing }
    }

    /// What the events are answered, in the order of the answers.
    private func answers(to events: Event...) async throws -> [String] {
        let (channel, connection) = self.loop.connect()
        await connection.take(events)
        var answers: [String] = []
        while answers.count < events.count {
            let buffer = try await channel.waitForOutboundWrite(as: ByteBuffer.self)
            let text = String(decoding: buffer.readableBytesView, as: UTF8.self)
            for answer in text.split(separator: #"["OK","#).dropFirst() {
                let fields = answer.split(separator: #"""#, omittingEmptySubsequences: false)
                answers.append("\(fields[2].dropFirst().dropLast()) \(fields[3])")
            }
        }
        return answers
    }

    @Test func `a superseded event that was verified before is neither checked nor saved`() async throws {
        // A check would find it out.
        let event = try Make.forged(self.old)
        self.loop.verified.insert([event])
        self.stand(event, .superseded)
        #expect(try await self.answers(to: event, event) == [self.superseded, self.superseded])
        #expect(self.transactions == [])
        await self.loop.loop.shutdownGracefully()
    }

    @Test func `what was checked once is remembered`() async throws {
        #expect(try await self.answers(to: self.old) == ["true "])
        #expect(self.transactions == [1])
        self.stand(self.old, .superseded)
        #expect(try await self.answers(to: self.old) == [self.superseded])
        #expect(self.transactions == [1])
        await self.loop.loop.shutdownGracefully()
    }

    @Test func `a signature that was not checked before is checked, superseded or not`() async throws {
        self.loop.verified.insert([self.old])
        self.stand(self.old, .superseded)
        let forged = try Make.forged(self.old)
        #expect(try await self.answers(to: self.old, forged, forged) == [self.superseded, self.invalid, self.invalid])
        #expect(self.transactions == [])
        let unknown = try Make.event(by: Make.bob, kind: 0)
        self.stand(unknown, .superseded)
        #expect(try await self.answers(to: unknown) == ["true "])
        #expect(self.transactions == [1])
        await self.loop.loop.shutdownGracefully()
    }

    @Test func `what is superseded no more is checked and saved`() async throws {
        let forged = try Make.forged(self.old)
        self.loop.verified.insert([self.old, forged])
        #expect(try await self.answers(to: self.old, forged) == [self.invalid, "true "])
        #expect(self.transactions == [1])
        await self.loop.loop.shutdownGracefully()
    }

    @Test func `behind something new the writer judges, for that may change how an event stands`() async throws {
        let note = try Make.event(content: "note")
        await self.loop.registry.publish(Publication(events: [(note, CommitPosition(1))]))
        self.loop.verified.insert([self.old])
        self.stand(self.old, .superseded)
        self.stand(note, .stored(note.signature))
        let new = try Make.event(content: "new")
        let expected = [self.duplicate, self.superseded, "true ", "true ", "true "]
        #expect(try await self.answers(to: note, self.old, new, note, self.old) == expected)
        #expect(self.transactions == [3])
        await self.loop.loop.shutdownGracefully()
    }
}

extension Connection {
    /// Publishes events as one burst.
    fileprivate func take(_ events: [Event]) {
        self.arrivals += events
        self.startPublishing()
    }
}
