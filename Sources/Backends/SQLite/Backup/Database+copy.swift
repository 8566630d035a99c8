import CSQLite
import Glibc

extension Database {
    /// Pages that are copied between two looks at who else would like the disk.
    private static let stepPages: Int32 = 512
    private static let pauseMicroseconds: UInt32 = 500

    /// Makes this database a copy of another, page by page.
    ///
    /// - Parameter source: has a transaction open, which fixes what is copied; SQLite would begin anew else whenever
    ///   somebody writes.
    func takePages(of source: Database, progress: (CopyProgress) -> Void) throws(StorageError) {
        let pageBytes = Int(try source.number("PRAGMA page_size"))
        guard let copy = sqlite3_backup_init(self.handle, "main", source.handle, "main") else {
            throw self.error(sqlite3_extended_errcode(self.handle))
        }
        var status = sqlite3_backup_step(copy, Self.stepPages)
        while status == SQLITE_OK {
            let total = Int(sqlite3_backup_pagecount(copy)) * pageBytes
            let left = Int(sqlite3_backup_remaining(copy)) * pageBytes
            progress(.copying(bytes: total - left, of: total))
            usleep(Self.pauseMicroseconds)
            status = sqlite3_backup_step(copy, Self.stepPages)
        }
        let finished = sqlite3_backup_finish(copy)
        guard status == SQLITE_DONE, finished == SQLITE_OK else {
            let failure = status == SQLITE_DONE ? finished : status
            let isDamage = [SQLITE_CORRUPT, SQLITE_NOTADB].contains(failure & 0xFF)
            throw isDamage ? source.error(failure) : self.error(failure)
        }
    }

    /// Looks at every page; returns what is wrong, one sentence, or nil.
    func damage() throws(StorageError) -> String? {
        let check = try self.prepare("PRAGMA quick_check(1)")
        let answer = try check.first { String(decoding: $0.bytes(0), as: UTF8.self) } ?? "no answer"
        // A first line names the database's role where it is a page that is wrong.
        return answer == "ok" ? nil : answer.split(separator: "\n").last.map { String($0) } ?? answer
    }

    /// Bytes that the file has to have, by its own header.
    func expectedBytes() throws(StorageError) -> Int64 {
        try self.number("PRAGMA page_count") * self.number("PRAGMA page_size")
    }
}
