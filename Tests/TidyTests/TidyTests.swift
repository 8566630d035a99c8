import Testing

@Suite("The source tree")
struct TidyTests {
    private let sources = SourceTree.swiftFiles(under: "Sources")
    private let tests = SourceTree.swiftFiles(under: "Tests")

    @Test("is there to be read")
    func filesAreFound() {
        #expect(self.sources.count > 50)
        #expect(!self.tests.isEmpty)
    }

    @Test("has no file over 500 lines, and few over 350")
    func filesAreShort() {
        let long = (self.sources + self.tests).filter { $0.lines.count > 350 }
        #expect(long.filter { $0.lines.count > 500 }.map(\.path) == [])
        #expect(long.count <= 5, "\(long.map(\.path))")
    }

    @Test("has source files of 110 lines or fewer, in the median")
    func medianFileIsSmall() {
        let counts = self.sources.map(\.lines.count).sorted()
        #expect(counts[counts.count / 2] <= 110)
    }

    @Test("has no line over 120 columns")
    func linesAreShort() {
        let long = self.places { $0.count > 120 }
        #expect(long == [])
    }

    @Test("notes nothing down to be done later, in code or comment", arguments: ["TO" + "DO", "FIX" + "ME"])
    func nothingIsLeftUndone(word: String) {
        #expect(self.places { $0.contains(word) } == [])
    }

    /// What may stand only where it is argued for.
    private static let rare: [(word: String, allowed: Set<String>)] = [
        ("@unchecked Sendable", []),
        ("nonisolated(unsafe)", []),
        ("try!", []),
        ("Task.detached", []),
        // Standard output is what these commands are for.
        (
            "print(",
            [
                "Sources/Martlet/Commands/ConfigCommand.swift", "Sources/Martlet/Commands/CountCommand.swift",
                "Sources/Martlet/Commands/DeleteCommand.swift",
                "Sources/Martlet/Commands/ImportCommand.swift", "Sources/Martlet/Commands/ScanCommand.swift",
                "Sources/Martlet/Commands/Peers/DownloadCommand.swift",
                "Sources/Martlet/Commands/Peers/SyncCommand.swift",
                "Sources/Martlet/Commands/Peers/UploadCommand.swift",
                "Sources/Martlet/Commands/Whole/BackupCommand.swift",
                "Sources/Martlet/Commands/Whole/MigrateCommand.swift",
                "Sources/Martlet/Commands/Whole/RestoreCommand.swift",
            ]
        ),
        ("fatalError(", []),
    ]

    @Test("keeps what is dangerous to its argued list", arguments: Self.rare.indices)
    func rareWordsStayRare(index: Int) {
        let (word, allowed) = Self.rare[index]
        let found = self.sources.filter { !allowed.contains($0.path) }.filter { file in
            file.lines.contains { line in
                guard !line.drop(while: { $0 == " " }).hasPrefix("//") else { return false }
                return line.replacing("fingerprint(", with: "").replacing("Fingerprint(", with: "").contains(word)
            }
        }
        #expect(found.map(\.path) == [], "\(word) stands where it is not argued for")
    }

    /// Which system library each target may import: one target, one library.
    @Test("imports each C library in one target")
    func librariesHaveOneOwner() {
        let owners = [
            "CSQLite": "Backends", "CSecp256k1": "Nostr", "COpenSSL": "Nostr", "CZlib": "Wire", "CEpoll": "Bench",
            "CMalloc": "Server", "CGatheredWAL": "Backends", "CPostgres": "Backends",
        ]
        for (library, owner) in owners {
            let importers = self.sources.filter { $0.lines.contains { $0.hasSuffix("import \(library)") } }
            #expect(importers.allSatisfy { $0.path.hasPrefix("Sources/\(owner)/") }, "\(library)")
            #expect(!importers.isEmpty, "\(library) is not used")
        }
    }

    @Test("keeps every target to what is below it")
    func targetsAreLayered() {
        let forbidden = [
            "Nostr": ["NIO", "Wire", "Backends", "Actors", "Server", "Payments", "Foundation"],
            "Wire": ["Nostr", "Backends", "Actors", "Server", "Payments", "NIOPosix", "Foundation"],
            "Backends": ["NIO", "Wire", "Actors", "Server", "Payments", "Foundation"],
            "Actors": ["Server", "Payments", "Hummingbird", "Foundation"],
            "Payments": ["Wire", "Actors", "Server", "NIO"],
            "Bench": ["NIO", "Wire", "Backends", "Actors", "Server", "Payments"],
            "Peers": ["Wire", "Backends", "Actors", "Server", "Payments", "Hummingbird", "Foundation"],
            "Martlet": ["Hummingbird", "NIO"],
        ]
        for (target, names) in forbidden {
            for file in self.sources where file.path.hasPrefix("Sources/\(target)/") {
                let imports = file.lines.filter { $0.hasPrefix("import ") || $0.hasPrefix("public import ") }
                for name in names {
                    #expect(!imports.contains { $0.contains("import \(name)") }, "\(file.path) imports \(name)")
                }
            }
        }
    }

    private func places(where isBad: (Substring) -> Bool) -> [String] {
        (self.sources + self.tests).flatMap { file in
            file.lines.enumerated().filter { isBad($0.element) }.map { "\(file.path):\($0.offset + 1)" }
        }
    }
}
