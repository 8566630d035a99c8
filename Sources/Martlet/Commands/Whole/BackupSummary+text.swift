import Backends
import Foundation

extension BackupSummary {
    /// Events, tombstones, bytes and seconds, for the line that ends a command.
    func text(since started: Date) -> String {
        let seconds = String(format: "%.1f", Date().timeIntervalSince(started))
        return "\(self.contents): \(self.bytes) bytes in \(seconds) s"
    }
}

extension CopyProgress {
    /// How far it is, for a terminal.
    var text: String {
        switch self {
        case .copying(let bytes, nil): "copied \(bytes >> 20) MiB"
        case .copying(let bytes, let total?):
            "copied \(bytes >> 20) of \(total >> 20) MiB, \(total == 0 ? 0 : bytes * 100 / total) %"
        case .writing(let events, let total): "wrote \(events)\(total.map { " of \($0)" } ?? "") events"
        case .checking: "checking the copy"
        }
    }
}
