import Nostr

/// What an admin asks for: a method of NIP-86 with its parameters.
enum ManagementCall: Hashable, Sendable {
    case listMethods
    case banPubkey(PublicKey, reason: String)
    case unbanPubkey(PublicKey)
    case listBannedPubkeys
    case allowPubkey(PublicKey, reason: String)
    case unallowPubkey(PublicKey)
    case listAllowedPubkeys
    case listEventsNeedingModeration
    case allowEvent(EventID, reason: String)
    case banEvent(EventID, reason: String)
    case listBannedEvents
    case listAllowedEvents
    /// An empty text gives back what the configuration says.
    case changeInformation(ManagementState.InformationField, String)
    case setKind(UInt16, isAllowed: Bool)
    case listAllowedKinds
    case listDisallowedKinds
    case blockIP(Network, reason: String)
    case unblockIP(Network)
    case listBlockedIPs

    private typealias Reader = @Sendable (inout ManagementParameters) throws(ManagementError) -> ManagementCall

    /// Every method that works, by its name.
    private static let methods: [String: Reader] = [
        "supportedmethods": { (_) throws(ManagementError) in .listMethods },
        "banpubkey": { (params) throws(ManagementError) in
            .banPubkey(try params.pubkey(), reason: try params.reason())
        },
        "unbanpubkey": { (params) throws(ManagementError) in .unbanPubkey(try params.pubkeyAndReason()) },
        "listbannedpubkeys": { (_) throws(ManagementError) in .listBannedPubkeys },
        "allowpubkey": { (params) throws(ManagementError) in
            .allowPubkey(try params.pubkey(), reason: try params.reason())
        },
        "unallowpubkey": { (params) throws(ManagementError) in .unallowPubkey(try params.pubkeyAndReason()) },
        "listallowedpubkeys": { (_) throws(ManagementError) in .listAllowedPubkeys },
        "listeventsneedingmoderation": { (_) throws(ManagementError) in .listEventsNeedingModeration },
        "allowevent": { (params) throws(ManagementError) in
            .allowEvent(try params.eventID(), reason: try params.reason())
        },
        "banevent": { (params) throws(ManagementError) in
            .banEvent(try params.eventID(), reason: try params.reason())
        },
        "listbannedevents": { (_) throws(ManagementError) in .listBannedEvents },
        "listallowedevents": { (_) throws(ManagementError) in .listAllowedEvents },
        "changerelayname": { (params) throws(ManagementError) in
            .changeInformation(.name, try params.text("the name", upTo: 200, allowsLines: false))
        },
        "changerelaydescription": { (params) throws(ManagementError) in
            .changeInformation(.description, try params.text("the description", upTo: 5_000, allowsLines: true))
        },
        "changerelayicon": { (params) throws(ManagementError) in .changeInformation(.icon, try params.webURL()) },
        "allowkind": { (params) throws(ManagementError) in .setKind(try params.kind(), isAllowed: true) },
        "disallowkind": { (params) throws(ManagementError) in .setKind(try params.kind(), isAllowed: false) },
        "listallowedkinds": { (_) throws(ManagementError) in .listAllowedKinds },
        "listdisallowedkinds": { (_) throws(ManagementError) in .listDisallowedKinds },
        "blockip": { (params) throws(ManagementError) in
            .blockIP(try params.network(), reason: try params.reason())
        },
        "unblockip": { (params) throws(ManagementError) in .unblockIP(try params.network()) },
        "listblockedips": { (_) throws(ManagementError) in .listBlockedIPs },
    ]

    /// What `supportedmethods` answers: all the other methods.
    static let otherMethods: [String] = Self.methods.keys.filter { $0 != "supportedmethods" }.sorted()

    /// - Throws: `ManagementError` where there is no such method, or a parameter is missing or not what it has to be.
    init(_ request: ManagementRequest) throws(ManagementError) {
        guard let read = Self.methods[request.method] else {
            throw ManagementError("there is no method of this name; supportedmethods lists those that there are")
        }
        var params = ManagementParameters(request.params)
        self = try read(&params)
        try params.expectEnd()
    }
}
