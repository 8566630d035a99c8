import Foundation
import Glibc
import Testing

/// A disk in memory of one size, mounted for the life of the object; takes a system administrator.
final class SmallDisk {
    let folder: TemporaryFolder

    /// Nil where it may not be mounted.
    init?(kibibytes: Int) throws {
        self.folder = try TemporaryFolder()
        guard mount("tmpfs", self.folder.url.path, "tmpfs", 0, "size=\(kibibytes)k") == 0 else { return nil }
    }

    deinit { umount2(self.folder.url.path, Int32(MNT_DETACH)) }

    /// Whether this process may mount one.
    static let isAvailable = (try? SmallDisk(kibibytes: 64)) != nil
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where no disk can be mounted.
    static var needsSmallDisk: Self { .enabled(if: SmallDisk.isAvailable, "no right to mount a disk in memory") }
}
