import Nostr

/// A dump that `pg_dump --format=custom` made, read through `pg_restore`: what it would have a server do.
final class PostgresDump {
    /// A piece of it, in its order.
    enum Part {
        /// Statements, one or several.
        case statements(String)
        /// `COPY … FROM stdin`, which the rows of a table follow.
        case table(String)
        /// Lines, each with its line feed.
        case rows([UInt8])
        case endOfTable
    }

    /// Rows of the tables that are handed over.
    private(set) var contents = StoreContents()
    /// What these rows say, where it was asked for.
    private(set) var digest = ContentDigest()
    private var columns: [String: Int] = [:]
    private var table = ""
    private var authors: [Int64: Bytes32] = [:]
    private let path: String
    private let schema: String
    private let programs: PostgresPrograms
    private static let pieceBytes = 1 << 17

    /// - Parameters:
    ///   - path: the file.
    ///   - schema: the one that is read, whatever else is in it.
    init(_ path: String, _ schema: PostgresSchema, _ programs: PostgresPrograms) {
        self.path = path
        self.schema = schema.name
        self.programs = programs
    }

    /// How a file begins.
    static func isOne(_ path: String) throws(StorageError) -> Bool {
        let magic = Array("PGDMP".utf8)
        return try FileSystem.beginning(of: path, magic.count) == magic
    }

    /// The file's table of contents; fails where it cannot be read.
    func check() throws(StorageError) {
        let process = try ChildProcess(self.programs.restore, ["--list", self.path])
        while try !process.read(atMost: Self.pieceBytes).isEmpty {}
        try self.finish(process)
    }

    /// Reads it to its end, and only counts.
    func count() throws(StorageError) { try self.read(digesting: false) { _ in } }

    /// Reads it to its end.
    ///
    /// Transactions of events come as one that is long over: those of the dump are another server's.
    ///
    /// - Parameter take: gets the parts; of ephemeral events none.
    func read(_ take: (Part) throws(StorageError) -> Void) throws(StorageError) {
        try self.read(digesting: true, take)
    }

    private func read(digesting: Bool, _ take: (Part) throws(StorageError) -> Void) throws(StorageError) {
        let options = ["--schema=\(self.schema)", "--no-owner", "--no-privileges", "--no-comments"]
        let process = try ChildProcess(
            self.programs.restore,
            options + ["--no-publications", "--no-subscriptions", "--no-tablespaces", "--file=-", self.path]
        )
        let lines = process.lines
        var text = ""
        while let line = try lines.next() {
            let statement = String(decoding: line, as: UTF8.self)
            if statement.hasPrefix("COPY ") {
                try take(.statements(text))
                text = ""
                try self.readTable(statement, lines, digesting: digesting, take)
            } else if !Self.isOfProgram(statement) {
                text += statement + "\n"
            }
        }
        try self.finish(process)
        try take(.statements(text))
    }

    /// Whether a line is for psql alone, or sets what older servers do not know.
    private static func isOfProgram(_ line: String) -> Bool {
        line.hasPrefix("\\") || line.hasPrefix("SET transaction_timeout") || line.hasPrefix("--")
    }

    private func finish(_ process: ChildProcess) throws(StorageError) {
        do throws(StorageError) { try process.finish() } catch .failed(let reason) {
            throw .damaged(path: self.path, reason: reason)
        }
    }

    private func readTable(
        _ statement: String,
        _ lines: FileLines,
        digesting: Bool,
        _ take: (Part) throws(StorageError) -> Void
    ) throws(StorageError) {
        self.name(statement)
        try take(.table(statement))
        var rows: [UInt8] = []
        var isWhole = false
        while let line = try lines.next() {
            isWhole = line == [UInt8(ascii: "\\"), UInt8(ascii: ".")]
            if isWhole { break }
            guard let row = self.note(line, digesting: digesting) else { continue }
            rows += row
            rows.append(UInt8(ascii: "\n"))
            guard rows.count > Self.pieceBytes else { continue }
            try take(.rows(rows))
            rows.removeAll(keepingCapacity: true)
        }
        guard isWhole else { throw .damaged(path: self.path, reason: "the table \(self.table) is cut off") }
        if !rows.isEmpty { try take(.rows(rows)) }
        try take(.endOfTable)
    }

    /// Learns the table's name and its columns from `COPY schema.table (one, other) FROM stdin;`.
    private func name(_ statement: String) {
        let parts = statement.split(separator: "(", maxSplits: 1)
        self.table = parts[0].split(separator: ".").last.map { String($0.filter { !$0.isWhitespace }) } ?? ""
        let names = parts.count < 2 ? "" : parts[1].prefix { $0 != ")" }
        self.columns = [:]
        for (index, name) in names.split(separator: ",").enumerated() {
            self.columns[String(name.filter { !$0.isWhitespace })] = index
        }
    }

    /// Counts a row; returns it as it is to be restored, nil where it is not.
    private func note(_ line: [UInt8], digesting: Bool) -> [UInt8]? {
        switch self.table {
        case "ephemeral": return nil
        case "event": self.contents.events += 1
        case "deleted_event": self.contents.deletedEvents += 1
        case "deleted_address": self.contents.deletedAddresses += 1
        case "vanished": self.contents.vanished += 1
        case "record": self.contents.records += 1
        case "author": break
        default: return line
        }
        guard digesting else { return nil }
        var fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        self.digest(fields)
        guard self.table == "event", let index = self.columns["xid"], index < fields.count else { return line }
        fields[index] = Array("\(PostgresSchema.pastTransaction)".utf8)[...]
        return Array(fields.joined(separator: [UInt8(ascii: "\t")]))
    }

    private func digest(_ fields: [ArraySlice<UInt8>]) {
        func field(_ name: String) -> ArraySlice<UInt8> {
            self.columns[name].flatMap { $0 < fields.count ? fields[$0] : nil } ?? []
        }
        func number(_ name: String) -> Int64? { Int64(String(decoding: field(name), as: UTF8.self)) }
        func bytes(_ name: String) -> [UInt8]? { Self.bytes(field(name)) }
        switch self.table {
        case "author":
            guard let number = number("number"), let key = bytes("pubkey").flatMap({ Bytes32($0) }) else { return }
            self.authors[number] = key
        case "event":
            guard let event = bytes("json").flatMap({ Event(canonical: $0) }) else { return }
            self.digest.add(.event(event))
        case "deleted_event":
            guard let id = bytes("id").flatMap({ Bytes32($0) }),
                let key = number("author").flatMap({ self.authors[$0] })
            else { return }
            self.digest.add(.deletedEvent(EventID(id), by: PublicKey(key)))
        case "record":
            guard let key = Self.text(field("key")), let section = Self.text(field("section")),
                let revision = number("revision")
            else { return }
            let isStruck = field("value").elementsEqual(#"\N"#.utf8)
            let value = isStruck ? nil : bytes("value")
            guard isStruck || value != nil,
                let record = Record(section: section, key: key, value: value, revision: revision)
            else { return }
            self.digest.add(.record(record))
        case "vanished":
            guard let until = number("until"), let key = number("author").flatMap({ self.authors[$0] }) else { return }
            self.digest.add(.vanished(PublicKey(key), until: until))
        default:
            guard let kind = number("kind").flatMap({ UInt16(exactly: $0) }), let until = number("until"),
                let key = number("author").flatMap({ self.authors[$0] }), let identifier = bytes("identifier"),
                let item = StoredItem.deletedAddress(kind: kind, by: key, identifier: identifier, until: until)
            else { return }
            self.digest.add(item)
        }
    }

    /// The bytes of a text as COPY writes it; nil where it is NULL, or is not written so.
    private static func text(_ field: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var isEscape = false
        for character in field {
            if isEscape {
                guard let plain = Self.escapes[character] else { return nil }
                bytes.append(plain)
                isEscape = false
            } else if character == UInt8(ascii: "\\") {
                isEscape = true
            } else {
                bytes.append(character)
            }
        }
        return isEscape ? nil : bytes
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "b"): 0x08, UInt8(ascii: "t"): 0x09, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "v"): 0x0B,
        UInt8(ascii: "f"): 0x0C, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "\\"): UInt8(ascii: "\\"),
    ]

    /// Bytes in PostgreSQL's hexadecimal form, as COPY writes it: `\\x00ff`.
    private static func bytes(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.starts(with: "\\\\x".utf8), text.count % 2 == 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        var high: UInt8?
        for character in text.dropFirst(3) {
            guard let digit = Self.digit(character) else { return nil }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
