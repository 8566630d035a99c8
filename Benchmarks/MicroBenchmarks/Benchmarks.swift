import Benchmark
import NIOCore
import Wire

@testable import Backends
@testable import Nostr

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .throughput],
        scalingFactor: .kilo,
        maxDuration: .seconds(3)
    )
    eventBenchmarks(Samples())
    frameBenchmarks(Samples())
    subscriptionBenchmarks(Samples())
}

/// Reading and checking what arrives.
private func eventBenchmarks(_ samples: Samples) {
    let bounds = MessageBounds()
    Benchmark("Read an EVENT message") { benchmark in
        for step in benchmark.scaledIterations {
            let message = samples.messages[step % samples.messages.count]
            blackHole(try? ClientMessage(parsing: message.span, bounds: bounds))
        }
    }
    Benchmark("Check an event's id") { benchmark in
        for step in benchmark.scaledIterations {
            blackHole(samples.events[step % samples.events.count].hasCanonicalID)
        }
    }
}

/// Bytes from and to the socket.
private func frameBenchmarks(_ samples: Samples) {
    Benchmark("Decode a frame") { benchmark in
        let frames = samples.frames
        var input = frames
        var decoder = FrameDecoder(maxMessageBytes: 1 << 20)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            if input.readableBytes == 0 { input = frames }
            blackHole(try? decoder.next(from: &input))
        }
    }
    let prefix = Array(#"["EVENT","feed","#.utf8)
    let suffix = Array("]".utf8)
    Benchmark("Splice an EVENT message into a frame") { benchmark in
        var output = ByteBuffer()
        benchmark.startMeasurement()
        for step in benchmark.scaledIterations {
            if output.readableBytes > 1 << 16 { output.clear() }
            let json = samples.events[step % samples.events.count].json
            output.writeTextFrame(prefix.span, json.span, suffix.span)
        }
        blackHole(output)
    }
    Benchmark("Encode an OK") { benchmark in
        var output = ByteBuffer()
        benchmark.startMeasurement()
        for step in benchmark.scaledIterations {
            if output.readableBytes > 1 << 16 { output.clear() }
            let event = samples.events[step % samples.events.count]
            output.writeTextFrame(RelayMessage.ok(event.id, accepted: true, text: "").json.span)
        }
        blackHole(output)
    }
}

/// Finding out who wants an event, and which index answers a question.
private func subscriptionBenchmarks(_ samples: Samples) {
    let subscribers = Subscribers(count: 10_000)
    Benchmark("Match an event against 10,000 subscriptions") { benchmark in
        for step in benchmark.scaledIterations {
            blackHole(subscribers.matches(samples.events[step % samples.events.count]))
        }
    }
    Benchmark("Plan a filter") { benchmark in
        for step in benchmark.scaledIterations {
            blackHole(FilterPlan(samples.filters[step % samples.filters.count]))
        }
    }
}
