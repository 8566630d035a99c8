/// Makes copies of a whole database, while others use it, and puts them back.
///
/// What fails leaves everything as it was: a file stands under its name when it is whole, checked and on the disk.
public protocol StoreBackup: Sendable {
    /// Copies the database, as it is at one moment, into one file.
    ///
    /// - Parameters:
    ///   - path: the file; it must not exist, unless it is to be replaced.
    ///   - progress: is called again and again.
    func backup(
        to path: String,
        replacing: Bool,
        progress: (CopyProgress) -> Void
    ) throws(StorageError) -> BackupSummary

    /// Makes the database anew from a backup. Nobody may have it open.
    ///
    /// - Parameters:
    ///   - path: the backup, which is left as it is.
    ///   - replacing: whether a database that holds something is moved aside; else it is an error that there is one.
    ///   - progress: is called again and again.
    func restore(
        from path: String,
        replacing: Bool,
        progress: (CopyProgress) -> Void
    ) throws(StorageError) -> BackupSummary
}
