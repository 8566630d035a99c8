/// What is read of an event object before it is known to be complete.
struct EventDraft {
    var id: EventID?
    var pubkey: PublicKey?
    var createdAt: Int64?
    var kind: Kind?
    var signature: Signature?
    var tags: TagsToken?
    var content: StringToken?
    /// The `id` field's text, valid or not.
    var claimedID: StringToken?
    /// The first fault found; reading goes on, so that the answer can name the id.
    var fault: String?

    mutating func note(_ fault: String) { self.fault = self.fault ?? fault }

    /// The scalar fields, or the sentence that says what is wrong.
    func fields() -> Result<(EventFields, TagsToken, StringToken), EventFault> {
        if let fault { return .failure(EventFault(text: fault)) }
        guard let id else { return .failure(EventFault(text: "the event has no id")) }
        guard let pubkey else { return .failure(EventFault(text: "the event has no pubkey")) }
        guard let createdAt else { return .failure(EventFault(text: "the event has no created_at")) }
        guard let kind else { return .failure(EventFault(text: "the event has no kind")) }
        guard let tags else { return .failure(EventFault(text: "the event has no tags")) }
        guard let content else { return .failure(EventFault(text: "the event has no content")) }
        guard let signature else { return .failure(EventFault(text: "the event has no sig")) }
        let fields = EventFields(id: id, pubkey: pubkey, createdAt: createdAt, kind: kind, signature: signature)
        return .success((fields, tags, content))
    }
}

/// A fault in an event's fields, as a sentence.
struct EventFault: Error {
    let text: String
}

/// An array of tags in JSON text, brackets included.
struct TagsToken {
    var range: Range<Int>
    /// Whether there is no white space between the strings.
    var isCompact: Bool
    var hasEscapes: Bool
}
