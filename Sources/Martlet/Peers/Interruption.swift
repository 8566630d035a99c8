import Dispatch
import Foundation

/// Ends work in good order when the process is told to stop.
enum Interruption {
    /// Does work that SIGINT and SIGTERM cancel; a second signal ends the process at once.
    static func cancelling(_ work: sending @escaping () async throws -> Void) async throws {
        let task = Task { try await work() }
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                task.cancel()
                signal(number, SIG_DFL)
            }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        try await task.value
    }
}
