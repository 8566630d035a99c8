@testable import Nostr

/// Short ways to read one client message.
enum MessageProbe {
    static func read(_ text: String, bounds: MessageBounds = MessageBounds()) throws(ClientMessageError)
        -> ClientMessage
    {
        try ClientMessage(parsing: Array(text.utf8).span, bounds: bounds)
    }

    /// Why a text is no message that can be acted upon, or nil where it is one.
    static func fault(_ text: String, bounds: MessageBounds = MessageBounds()) -> ClientMessageError? {
        do throws(ClientMessageError) {
            _ = try Self.read(text, bounds: bounds)
            return nil
        } catch {
            return error
        }
    }

    /// Whether a text is answered with a NOTICE that begins like this.
    static func isNotice(_ text: String, _ beginning: String) -> Bool {
        guard case .notice(let notice) = Self.fault(text) else { return false }
        return notice.hasPrefix(beginning)
    }

    /// What is wrong with a message, of a COUNT as it would be of a REQ.
    static func requestFault(_ text: String, bounds: MessageBounds = MessageBounds()) -> ClientMessageError? {
        let fault = Self.fault(text, bounds: bounds)
        guard case .count(let id, let refusal) = fault else { return fault }
        return .subscription(id, refusal)
    }

    /// The subscription id and the filters of a REQ or COUNT; nil for anything else.
    static func request(_ text: String, bounds: MessageBounds = MessageBounds()) -> (id: String, filters: [Filter])? {
        switch try? Self.read(text, bounds: bounds) {
        case .request(let id, let filters), .count(let id, let filters): (id.description, filters)
        default: nil
        }
    }
}

extension ClientMessageError {
    /// The answer as the relay sends it.
    var answer: RelayMessage {
        switch self {
        case .notice(let text): .notice(text)
        case .event(let claimedID, let refusal): .refused(claimedID: claimedID, refusal)
        case .subscription(let id, let refusal), .count(let id, let refusal): .closed(id, refusal)
        case .negentropy(let id, let refusal): .negentropyError(id, refusal)
        }
    }
}
