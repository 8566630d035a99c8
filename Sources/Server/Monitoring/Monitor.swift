import Actors
import Backends
import Glibc

/// Looks after the relay's figures: readiness, and what Prometheus scrapes.
actor Monitor {
    nonisolated let metrics: Metrics
    private let readers: ReaderPool
    private let clock: Clock
    /// The name of this node.
    private let node: String
    /// The last look into the database, which is not repeated at every scrape.
    private var statistics: StoreStatistics?
    private var statisticsAt: Int?
    private static let statisticsLifetimeNanoseconds = 60_000_000_000
    /// How long a failed transaction counts; a relay that nobody writes to must become ready again.
    private static let failureNanoseconds = 10_000_000_000
    private var usage: ProcessUsage

    init(metrics: Metrics, readers: ReaderPool, clock: Clock, node: String) {
        self.metrics = metrics
        self.readers = readers
        self.clock = clock
        self.node = node
        self.usage = ProcessUsage(uptime: clock.uptime())
    }

    /// Whether the database answers, and has not failed to write lately.
    func readiness() async -> Readiness {
        let failedAt = self.metrics.storageFailedAt.value
        if failedAt > 0, self.clock.uptime() - failedAt < Self.failureNanoseconds {
            return Readiness(isReady: false, reason: "the database cannot be written")
        }
        do {
            _ = try await self.readers.next.snapshot()
            return Readiness(isReady: true, reason: nil)
        } catch {
            return Readiness(isReady: false, reason: error.publicText)
        }
    }

    /// The figures in Prometheus' text format, version 0.0.4.
    func prometheusText() async -> String {
        await self.refreshStatistics()
        var text = PrometheusText()
        let metrics = self.metrics
        text.info("nostr_relay_info", "The relay: always 1.", [("node", self.node), ("version", Product.version)])
        text.gauge("nostr_relay_active_connections", "Open connections.", metrics.activeConnections.value)
        text.counter("nostr_relay_total_connections", "Connections since the start.", metrics.totalConnections.value)
        text.counters("nostr_relay_events_received_total", "EVENT messages.", "kind", metrics.received.values)
        text.counters("nostr_relay_events_stored_total", "Events stored.", "kind", metrics.stored.values)
        text.counters("nostr_relay_events_rejected_total", "Events refused.", "reason", metrics.rejected.values)
        text.gauge("nostr_relay_active_subscriptions", "Open subscriptions.", metrics.activeSubscriptions.value)
        text.gauge(
            "nostr_relay_active_negentropy_sessions",
            "Open reconciliations.",
            metrics.activeNegentropySessions.value
        )
        text.gauge(
            "nostr_relay_negentropy_records",
            "Records that reconciliations hold of their own.",
            metrics.negentropyRecords.value
        )
        text.histogram("nostr_relay_query_duration_seconds", "From REQ to EOSE.", metrics.queries)
        text.counter("nostr_relay_result_cache_hits_total", "Answers from memory.", metrics.resultCacheHits.value)
        text.counter("nostr_relay_queries_cut_total", "Queries ended for taking too long.", metrics.queriesCut.value)
        text.counter("nostr_relay_counts_total", "COUNT messages answered.", metrics.counts.value)
        text.counter("nostr_relay_counts_estimated_total", "Counts cut short.", metrics.countsEstimated.value)
        text.counters("nostr_relay_rate_limit_hits_total", "Rate limits hit.", "type", metrics.rateLimited.values)
        text.counters("nostr_relay_authentications_total", "AUTH messages.", "result", metrics.authentications.values)
        text.counter("nostr_relay_messages_received_total", "Client messages.", metrics.messagesReceived.value)
        text.counter("nostr_relay_received_bytes_total", "Bytes from clients.", metrics.bytesReceived.value)
        text.counter("nostr_relay_events_sent_total", "EVENT messages sent.", metrics.eventsSent.value)
        text.counter("nostr_relay_commits_total", "Storage transactions.", metrics.commits.value)
        text.counter("nostr_relay_storage_failures_total", "Failed transactions.", metrics.storageFailures.value)
        text.counter("nostr_relay_slow_clients_closed_total", "Closed unread.", metrics.slowClientsClosed.value)
        text.counter("nostr_relay_other_nodes_events_total", "Told by other nodes.", metrics.eventsOfOtherNodes.value)
        text.counter(
            "nostr_relay_announcements_dropped_total",
            "Ephemeral events not handed to other nodes.",
            metrics.announcementsDropped.value
        )
        text.counter("nostr_relay_search_indexed_total", "Events looked at for search.", metrics.searchIndexed.value)
        text.gauge("nostr_relay_search_lag_events", "Events that wait to be indexed.", metrics.searchLag.value)
        text.gauge("nostr_relay_search_rebuilding", "Whether older events wait too.", metrics.searchRebuilds.value)
        if let statistics = self.statistics {
            text.gauge("nostr_relay_storage_bytes", "Bytes of the database.", statistics.bytes)
            text.gauge("nostr_relay_event_count", "Events in the database.", statistics.events)
        }
        let percent = self.usage.processorPercent(uptime: self.clock.uptime())
        text.gauge("nostr_relay_cpu_usage_percent", "Of one core, since the last scrape.", percent)
        text.gauge("nostr_relay_memory_usage_bytes", "Resident memory.", ProcessUsage.residentBytes)
        return text.text
    }

    private func refreshStatistics() async {
        let now = self.clock.uptime()
        if let last = self.statisticsAt, now - last < Self.statisticsLifetimeNanoseconds { return }
        // Noted before the look, so that scrapes at the same time do not all take it.
        self.statisticsAt = now
        if let fresh = try? await self.readers.next.statistics() { self.statistics = fresh }
    }
}

/// Whether the relay can serve.
struct Readiness: Sendable {
    let isReady: Bool
    let reason: String?

    var json: String {
        self.isReady ? #"{"status":"ready"}"# : #"{"status":"unavailable","reason":"\#(self.reason ?? "")"}"#
    }
}
