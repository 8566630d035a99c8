import ArgumentParser

/// `martlet members`: who may read and publish where the configuration lets members only.
struct MembersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "members",
        abstract: "List, add, remove and invite members.",
        discussion: """
            Members count where access.read or access.write is "members". A running relay on the same database notices \
            a change within a second. Those whom access.members of the configuration names are not listed here.
            """,
        subcommands: [
            MembersListCommand.self, MembersShowCommand.self, MembersAddCommand.self, MembersRemoveCommand.self,
            MembersExtendCommand.self, MembersInviteCommand.self, MembersInvitationsCommand.self,
            MembersRevokeCommand.self,
        ]
    )
}
