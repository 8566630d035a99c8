/// What a backup, or a restored database, holds.
public struct BackupSummary: Hashable, Sendable {
    public let contents: StoreContents
    /// Bytes of the file.
    public let bytes: Int
    /// Where the database went whose place was taken; nil where there was none with anything in it.
    public let movedAside: String?

    public init(contents: StoreContents, bytes: Int, movedAside: String? = nil) {
        self.contents = contents
        self.bytes = bytes
        self.movedAside = movedAside
    }
}
