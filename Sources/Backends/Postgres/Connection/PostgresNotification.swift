/// What another session told those that LISTEN.
struct PostgresNotification: Hashable, Sendable {
    let channel: String
    let payload: String
    /// The server's process that serves the sender.
    let backend: Int32
}
