import Backends
import Foundation
import Testing

/// A backend that the suite runs against; a new one needs a case here and nothing else.
enum Backend: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite

    var testDescription: String { self.rawValue }

    /// An empty store that keeps all it has in `folder`.
    func store(in folder: URL) throws(StorageError) -> any EventStore {
        switch self {
        case .sqlite:
            try StoreURL.store("sqlite:\(folder.path)/data/events.db", pageCacheBytes: 4 << 20, readers: 1)
        }
    }
}
