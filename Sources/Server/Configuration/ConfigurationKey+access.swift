extension ConfigurationKey {
    /// The section `access`.
    static let access: [ConfigurationKey] = [
        .init("access.read", \.access.read, .choice, .live, "Who may read: everyone, authenticated or members."),
        .init("access.write", \.access.write, .choice, .live, "Who may publish: everyone, authenticated or members."),
        .init(
            "access.require_auth",
            \.access.requiresAuthentication,
            .flag,
            .live,
            "Whether a member who publishes has to authenticate."
        ),
        .init(
            "access.members",
            \.access.members,
            .publicKeys,
            .live,
            "Members beside those that \"martlet members add\" puts into the database."
        ),
        .init("access.open_kinds", \.access.openKinds, .kinds, .live, "The kinds that anyone may publish."),
        .init(
            "access.membership_events",
            \.access.publishesMembers,
            .flag,
            .restart,
            "Whether the relay publishes who its members are, and lets clients ask to join and to leave (NIP-43)."
        ),
        .init(
            "access.relay_key_file",
            \.access.relayKeyFile,
            .optional(ValueForm<String>.path),
            .restart,
            "The file with the relay's own secret key, an nsec or 64 hexadecimal digits."
        ),
        .init(
            "access.private_kinds",
            \.access.privateKinds,
            .kinds,
            .live,
            "The kinds that are served only to their author and recipients, who must log in (NIP-42)."
        ),
    ]
}
