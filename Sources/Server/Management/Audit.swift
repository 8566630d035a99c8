import Nostr

/// What admins did: who, when, what, and what came of it. Nothing is ever taken out of it.
public enum Audit {
    /// The section of records that holds it, in its order; keys are the ids of the events that authorized the requests.
    public static let section = "audit"
    /// The result of what was done.
    static let done = "done"

    /// An entry as JSON.
    ///
    /// - Parameter now: seconds since 1970.
    static func entry(_ request: ManagementRequest, by admin: PublicKey, result: String, now: Int64) -> [UInt8] {
        JSONValue.object([
            "at": .number(now), "by": .string(admin.hex), "method": .string(request.method),
            "params": .array(request.params), "result": .string(result),
        ]).json
    }
}
