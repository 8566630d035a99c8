/// The windows that are still to be compared, oldest first: a value that splits what is too much for one comparison.
public struct SyncAgenda: Sendable {
    /// The next one is the last.
    private var windows: [SyncWindow]
    private var splits = 0
    /// Splits after which the other relay's limit is taken for one that nothing meets.
    private static let maximumSplits = 100_000
    private static let day: Int64 = 86_400

    public init(since: Int64?, until: Int64?) {
        let since = max(since ?? 0, 0)
        let isEmpty = until.map { $0 < since } ?? false
        self.windows = isEmpty ? [] : [SyncWindow(since: since, until: until)]
    }

    public var next: SyncWindow? { self.windows.last }

    /// Notes that the next window is dealt with, up to its end or up to a second.
    public mutating func finish(upTo until: Int64?) {
        guard var window = self.windows.popLast() else { return }
        guard let until, until < window.until ?? .max else { return }
        window.since = until + 1
        self.windows.append(window)
    }

    /// Splits the next window, of which the other relay has more than it compares.
    ///
    /// - Parameters:
    ///   - middle: the second in the middle of our own events, where there are some: the other's may lie alike.
    ///   - now: seconds since 1970.
    /// - Returns: false where the window cannot be split.
    public mutating func split(middle: Int64?, now: Int64) -> Bool {
        guard let window = self.windows.last, self.splits < Self.maximumSplits else { return false }
        guard let second = Self.secondHalf(of: window, middle, now) else { return false }
        self.splits += 1
        self.windows.removeLast()
        self.windows.append(SyncWindow(since: second, until: window.until))
        self.windows.append(SyncWindow(since: window.since, until: second - 1))
        return true
    }

    /// The second at which the later half begins.
    private static func secondHalf(of window: SyncWindow, _ middle: Int64?, _ now: Int64) -> Int64? {
        if let middle, middle > window.since, middle <= window.until ?? .max { return middle }
        if let until = window.until {
            return until > window.since ? window.since + (until - window.since + 1) / 2 : nil
        }
        if now > window.since { return window.since + (now - window.since + 1) / 2 }
        let (second, overflows) = window.since.addingReportingOverflow(Self.day)
        return overflows ? nil : second
    }
}
