import CMalloc

/// The C library's allocator, which all memory of the process comes from.
enum Allocator {
    /// Bytes that the process has and does not use; walks the lists of what is free.
    static var spareBytes: Int {
        let usage = mallinfo2()
        return ProcessUsage.anonymousBytes - Int(usage.uordblks) - Int(usage.hblkhd)
    }

    /// Gives whole pages that hold nothing back to the system.
    static func giveBack() { malloc_trim(0) }
}
