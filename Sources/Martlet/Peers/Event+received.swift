import Nostr

extension Event {
    /// Why what another relay sent is no event, in words that it did not choose.
    struct Rejection: Error {
        let reason: String
    }

    /// Reads an event as another relay sent it; its signature is not looked at.
    static func received(_ json: [UInt8]) -> Result<Event, Rejection> {
        do throws(EventError) {
            return .success(try Event(parsing: json.span))
        } catch {
            let reason = error.isMalformedJSON ? "it is not an event in JSON" : error.text
            return .failure(Rejection(reason: reason))
        }
    }
}
