import Testing

@testable import Server

struct ConfigurationChangesTests {
    @Test func `equal configurations have no changes`() {
        let changes = ConfigurationChanges(from: Configuration(), to: Configuration())
        #expect(changes.isEmpty)
        #expect(changes.configuration == Configuration())
    }

    @Test func `changes are split into those that apply at once and those that need a restart`() {
        var new = Configuration()
        new.listen = [.unix(path: "a")]
        new.info.name = "b"
        new.events.allowedKinds = .none
        new.storage.readers = 4
        new.log = Configuration.Log(level: .debug, format: .json)
        let changes = ConfigurationChanges(from: Configuration(), to: new)
        #expect(changes.applied == ["info.name", "events.kinds.allow", "log.level"])
        #expect(changes.needingRestart == ["listen", "storage.readers", "log.format"])
        #expect(!changes.isEmpty)

        var running = Configuration()
        running.info.name = "b"
        running.events.allowedKinds = .none
        running.log.level = .debug
        #expect(changes.configuration == running)
        #expect(ConfigurationChanges(from: running, to: new).applied.isEmpty)
    }

    @Test func `a change of any key is seen as a change of that key alone`() throws {
        for (path, yaml) in ConfigurationSamples.otherThanDefault {
            let new = try ConfigurationText.setting(path, to: yaml).load().configuration
            let changes = ConfigurationChanges(from: Configuration(), to: new)
            #expect(changes.applied + changes.needingRestart == [path])
            let key = try #require(ConfigurationKey.byPath[path])
            #expect(changes.configuration == (key.reload == .live ? new : Configuration()))
        }
    }

    @Test func `there is a sample for every key`() {
        #expect(ConfigurationSamples.otherThanDefault.map(\.path) == ConfigurationKey.all.map(\.path))
    }
}
