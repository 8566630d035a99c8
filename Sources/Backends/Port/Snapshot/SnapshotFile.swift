import Glibc

/// A backup that any backend can be made from again: a file of `SnapshotLine`s.
public enum SnapshotFile {
    /// Things that are written, or handed over, at once, and their bytes, roughly.
    private static let batch = (items: 5_000, bytes: 8 << 20)

    /// Whether a file begins as one does.
    public static func isOne(_ path: String) throws(StorageError) -> Bool {
        let beginning = Array(#"{"martlet":"snapshot""#.utf8)
        return try FileSystem.beginning(of: path, beginning.count) == beginning
    }

    /// Writes everything that a store holds, in one state of it, into a file; it gets its name when it is whole, read
    /// again, and on the disk.
    ///
    /// - Parameters:
    ///   - backend: the word that the file calls the backend by.
    ///   - replacing: whether a file of this name is replaced; else it is an error that there is one.
    public static func write(
        _ store: any StoreTransfer,
        backend: String,
        to path: String,
        replacing: Bool,
        progress: (CopyProgress) -> Void
    ) throws(StorageError) -> BackupSummary {
        guard try !store.owns(path) else {
            throw .file(path: path, act: "written", reason: "it is the database itself")
        }
        let isThere = try FileSystem.exists(path)
        guard replacing || !isThere else { throw .exists(path: path) }
        let snapshot = try store.openSnapshot()
        defer { snapshot.close() }
        let file = try IncompleteFile(for: path)
        file.keepPrivate()
        let written = try Self.write(snapshot, backend: backend, to: file, progress)
        guard snapshot.unreadable == 0, written.contents == snapshot.contents else {
            throw .failed("\(snapshot.unreadable) rows are damaged and cannot be read")
        }
        try file.sync()
        progress(.checking)
        var found = ContentDigest()
        _ = try Self.read(file.path) { (items) throws(StorageError) in for item in items { found.add(item) } }
        guard found == written else { throw .file(path: file.path, act: "read", reason: "it is not what was written") }
        try file.publish(replacing: replacing)
        return BackupSummary(contents: written.contents, bytes: file.size)
    }

    private static func write(
        _ snapshot: any StoreSnapshot,
        backend: String,
        to file: IncompleteFile,
        _ progress: (CopyProgress) -> Void
    ) throws(StorageError) -> ContentDigest {
        var digest = ContentDigest()
        var text: [UInt8] = []
        func append(_ line: SnapshotLine) {
            line.append(to: &text)
            text.append(UInt8(ascii: "\n"))
        }
        append(.header(backend: backend, createdAt: Int64(time(nil))))
        while true {
            let items = try snapshot.next(atMost: Self.batch.items)
            guard !items.isEmpty else { break }
            for item in items {
                append(.item(item))
                digest.add(item)
            }
            try file.write(text)
            text.removeAll(keepingCapacity: true)
            progress(.writing(events: digest.contents.events, of: snapshot.contents.events))
        }
        append(.end(digest.contents))
        try file.write(text)
        return digest
    }

    /// Reads a file from its first line to its last, and fails where it is not whole, after what came before has been
    /// handed over.
    ///
    /// - Parameter take: gets the things in the file's order, many at once.
    public static func read(
        _ path: String,
        _ take: ([StoredItem]) throws(StorageError) -> Void
    ) throws(StorageError) -> StoreContents {
        let lines = try FileLines(path)
        var contents = StoreContents()
        var items: [StoredItem] = []
        var bytes = 0
        var number = 1
        var revision: Int64 = 0
        try Self.checkHeader(of: path, lines)
        while let line = try lines.next() {
            number += 1
            switch SnapshotLine(parsing: line) {
            case .item(let item):
                if case .record(let record) = item {
                    guard record.revision > revision else {
                        throw Self.refusal(path, "line \(number) holds a record of an earlier revision than one before")
                    }
                    revision = record.revision
                }
                contents.count(item)
                items.append(item)
                bytes += item.size
                guard items.count >= Self.batch.items || bytes >= Self.batch.bytes else { continue }
                try take(items)
                items.removeAll(keepingCapacity: true)
                bytes = 0
            case .end(let expected):
                guard expected == contents, try lines.next() == nil else {
                    throw Self.refusal(path, "its last line does not say what stands before it")
                }
                if !items.isEmpty { try take(items) }
                return contents
            case .header, nil: throw Self.refusal(path, "line \(number) \(SnapshotLine.flaw(line))")
            }
        }
        throw Self.refusal(path, "it is cut off after line \(number)")
    }

    /// Fails where a file's first line is not that of a snapshot which can be read.
    private static func checkHeader(of path: String, _ lines: FileLines) throws(StorageError) {
        let first = try lines.next() ?? []
        if case .header = SnapshotLine(parsing: first) { return }
        if let version = SnapshotLine.version(of: first), version > SnapshotLine.version {
            let known = "this version of Martlet knows up to \(SnapshotLine.version)"
            throw Self.refusal(path, "it is a snapshot of version \(version), and \(known)")
        }
        throw Self.refusal(path, "line 1 is not the first one of a snapshot")
    }

    private static func refusal(_ path: String, _ reason: String) -> StorageError {
        .file(path: path, act: "restored", reason: reason)
    }
}
