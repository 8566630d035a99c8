/// Who reads: the one rule that history, live delivery and every other door apply (NIP-04, NIP-17, NIP-42, NIP-59).
public struct Readership: Sendable, Hashable {
    /// Kinds that only their parties may read.
    public var privateKinds: Set<Kind>
    /// The keys that the connection has proven to hold (NIP-42).
    public var keys: Set<PublicKey>
    /// Whether the relay lets the reader read anything at all.
    public var isAdmitted: Bool
    /// Whether everything may be read: for the operator's own commands.
    public var isOperator: Bool

    public init(
        privateKinds: Set<Kind>,
        keys: Set<PublicKey> = [],
        isAdmitted: Bool = true,
        isOperator: Bool = false
    ) {
        self.privateKinds = privateKinds
        self.keys = keys
        self.isAdmitted = isAdmitted
        self.isOperator = isOperator
    }

    /// The operator at the command line.
    public static let `operator` = Readership(privateKinds: [], isOperator: true)

    /// Whether events of this kind need a look at the event itself.
    public func isRestricted(_ kind: Kind) -> Bool {
        !self.isOperator && (!self.isAdmitted || self.privateKinds.contains(kind))
    }

    /// Whether the reader may see an event that is stored as this text.
    public func mayRead(canonical json: Span<UInt8>) -> Bool {
        Event(canonical: [UInt8](json)).map(self.mayRead) ?? false
    }

    /// Whether the reader may see the event: what is not private, and what it wrote or is addressed by a `p` tag.
    public func mayRead(_ event: Event) -> Bool {
        guard self.isRestricted(event.kind) else { return true }
        guard self.isAdmitted, !self.keys.isEmpty else { return false }
        if self.keys.contains(event.pubkey) { return true }
        return event.indexedTags.contains { tag in
            guard tag.letter == UInt8(ascii: "p") else { return false }
            guard let key = PublicKey(hex: event.canonicalValue(of: tag)) else { return false }
            return self.keys.contains(key)
        }
    }

    /// The same rule for what these filters ask for: where nothing private can match, keys make no difference, and
    /// everybody's answer is the same.
    public func narrowed(to filters: [Filter]) -> Readership {
        guard !self.keys.isEmpty, !filters.contains(where: self.mayMatchPrivate) else { return self }
        var readership = self
        readership.keys = []
        return readership
    }

    private func mayMatchPrivate(_ filter: Filter) -> Bool {
        filter.kinds.map { $0.contains(where: self.privateKinds.contains) } ?? true
    }

    /// Whether filters ask for nothing but private kinds.
    public func asksForPrivateOnly(_ filters: [Filter]) -> Bool {
        filters.allSatisfy { filter in
            guard let kinds = filter.kinds, !kinds.isEmpty else { return false }
            return kinds.allSatisfy(self.privateKinds.contains)
        }
    }
}
