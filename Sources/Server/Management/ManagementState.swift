import Actors
import Backends
import Nostr

/// What admins have decided, as the records of the database tell it: a value that is replaced as a whole.
struct ManagementState: Sendable, Equatable {
    /// The texts of the relay information document that admins may change (NIP-86, NIP-11).
    enum InformationField: String, Sendable, CaseIterable { case name, description, icon }

    /// The sections of records that make it up.
    enum Section: String, Sendable, CaseIterable {
        case bannedPubkey = "banned_pubkey"
        case bannedEvent = "banned_event"
        case allowedEvent = "allowed_event"
        case reportedEvent = "reported_event"
        case kind
        case information
        case blockedAddress = "blocked_address"
        case member
    }

    /// What the events that clients publish are judged by.
    private(set) var moderation = Moderation()
    private(set) var bannedPubkeys: [PublicKey: String] = [:]
    private(set) var bannedEvents: [EventID: String] = [:]
    private(set) var allowedEvents: [EventID: String] = [:]
    /// Events that wait for an admin's decision, with what is said against them.
    private(set) var reportedEvents: [EventID: String] = [:]
    /// Whether a kind is taken, whatever the configuration says.
    private(set) var kinds: [UInt16: Bool] = [:]
    private(set) var information: [InformationField: String] = [:]
    private(set) var blockedAddresses: [Network: String] = [:]
    private(set) var memberships: [PublicKey: Members.Membership] = [:]
    /// The same addresses, to be looked up.
    private(set) var blockList = BlockList()

    /// Takes a record over; one that says what this version does not know is left aside.
    mutating func take(_ record: Record, of section: Section) {
        let value = record.value.flatMap { try? JSONValue(parsing: $0.span) }
        // Whatever else became of its value: a record that is there counts.
        let reason = record.value == nil ? nil : value?["reason"]?.string ?? ""
        switch section {
        case .bannedPubkey:
            guard let key = PublicKey(hex: record.key) else { return }
            self.bannedPubkeys[key] = reason
            self.moderation.setBan(of: key, reason != nil)
        case .bannedEvent:
            guard let id = EventID(hex: record.key) else { return }
            self.bannedEvents[id] = reason
            self.moderation.setBan(of: id, reason != nil)
        case .allowedEvent:
            guard let id = EventID(hex: record.key) else { return }
            self.allowedEvents[id] = reason
        case .reportedEvent:
            guard let id = EventID(hex: record.key) else { return }
            self.reportedEvents[id] = reason
        case .kind:
            guard let kind = UInt16(record.key) else { return }
            self.kinds[kind] = value.flatMap { $0["allowed"] == .bool(true) }
        case .information:
            guard let field = InformationField(rawValue: record.key) else { return }
            self.information[field] = value?["text"]?.string
        case .member:
            guard let key = PublicKey(hex: record.key) else { return }
            self.memberships[key] = record.value.flatMap { MemberRecord(key, $0) }?.membership
        case .blockedAddress:
            guard let network = try? Network(parsing: record.key) else { return }
            self.blockedAddresses[network] = reason
            self.blockList.set(network, isBlocked: reason != nil)
        }
    }
}
