/// The scalar fields of an event.
struct EventFields {
    var id: EventID
    var pubkey: PublicKey
    var createdAt: Int64
    var kind: Kind
    var signature: Signature
}
