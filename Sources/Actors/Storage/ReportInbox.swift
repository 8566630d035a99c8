import NIOConcurrencyHelpers
public import Nostr

/// Reports (NIP-56) that were stored and wait to be looked at. There is room for so many; more are only stored.
public final class ReportInbox: Sendable {
    private let reports = NIOLockedValueBox<[Event]>([])
    private static let most = 500

    public init() {}

    func add(_ report: Event) {
        self.reports.withLockedValue { reports in
            if reports.count < Self.most { reports.append(report) }
        }
    }

    /// Takes all that is there.
    public func takeAll() -> [Event] {
        self.reports.withLockedValue { reports in
            defer { reports.removeAll() }
            return reports
        }
    }
}
