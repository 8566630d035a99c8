import Foundation

/// Says on standard error how work goes on: a line that renews itself on a terminal, one line at the end elsewhere.
final class Progress {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var lastShown = Date.distantPast

    /// Shows where the work stands, some times a second.
    func show(_ text: @autoclosure () -> String) {
        guard self.isTerminal, Date().timeIntervalSince(self.lastShown) > 0.2 else { return }
        self.lastShown = Date()
        self.write("\r\u{1B}[K\(text())")
    }

    /// Takes the line away, where what follows goes to standard output.
    func clear() {
        if self.isTerminal { self.write("\r\u{1B}[K") }
    }

    /// Says how the work ended.
    func finish(_ text: String) { self.write(self.isTerminal ? "\r\u{1B}[K\(text)\n" : "\(text)\n") }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
