import CSQLite
import Synchronization

/// A file that SQLite has open on a `PowerCutDisk`; results are SQLite's result codes.
final class OpenFile: @unchecked Sendable {
    private let disk: PowerCutDisk
    private let inode: Inode
    private let generation: Int
    private let nameToDelete: String?
    /// Whether the next sync takes the directory along, as SQLite's own file systems do for journals.
    private var syncsDirectory: Bool

    init(_ inode: Inode, on disk: PowerCutDisk, generation: Int, nameToDelete: String?, syncsDirectory: Bool) {
        self.disk = disk
        self.inode = inode
        self.generation = generation
        self.nameToDelete = nameToDelete
        self.syncsDirectory = syncsDirectory
    }

    /// Runs `body` unless the power was cut since the file was opened.
    private func use(_ body: (inout PowerCutDisk.State) -> Int32) -> Int32 {
        self.disk.state.withLock { state in state.generation == self.generation ? body(&state) : SQLITE_IOERR }
    }

    /// Runs one operation that changes the disk.
    private func change(_ body: (inout PowerCutDisk.State) -> Int32) -> Int32 {
        self.use { state in
            guard !self.disk.begin(&state) else { return body(&state) }
            state.cut()
            return SQLITE_IOERR
        }
    }

    /// Changes the content; where the power goes meanwhile, some of the change may have reached the disk.
    private func changeContent(_ body: (inout PowerCutDisk.State) -> Int32) -> Int32 {
        self.use { state in
            let status = body(&state)
            guard !self.disk.begin(&state) else { return status }
            state.cut()
            return SQLITE_IOERR
        }
    }

    func close() {
        self.disk.state.withLock { state in
            self.inode.handles[ObjectIdentifier(self)] = nil
            if let name = self.nameToDelete, state.generation == self.generation { state.names[name] = nil }
        }
    }

    func read(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int32 {
        self.use { _ in
            let content = self.inode.content
            let available = max(0, min(buffer.count, content.count - offset))
            if available > 0 { buffer.copyBytes(from: content[offset..<offset + available]) }
            guard available < buffer.count else { return SQLITE_OK }
            for index in available..<buffer.count { buffer[index] = 0 }
            // SQLITE_IOERR_SHORT_READ is a macro that Swift does not see.
            return SQLITE_IOERR | 2 << 8
        }
    }

    func write(_ bytes: [UInt8], at offset: Int) -> Int32 {
        self.changeContent { state in
            self.inode.countWrite()
            guard let odds = state.failingWrites, state.random.once(in: odds) else {
                self.inode.write(bytes, at: offset)
                return SQLITE_OK
            }
            // A full disk takes a part of it.
            self.inode.write(Array(bytes.prefix(state.random.below(bytes.count))), at: offset)
            return SQLITE_FULL
        }
    }

    func truncate(to size: Int) -> Int32 {
        self.changeContent { _ in
            self.inode.truncate(to: size)
            return SQLITE_OK
        }
    }

    func sync() -> Int32 {
        self.change { state in
            switch state.syncs {
            case .lying: return SQLITE_OK
            case .failing(let count) where state.random.once(in: count):
                self.inode.failSync(&state.random)
                return SQLITE_IOERR | 4 << 8
            default:
                self.inode.sync()
                if self.syncsDirectory { state.durableNames = state.names }
                self.syncsDirectory = false
                return SQLITE_OK
            }
        }
    }

    func size(_ size: inout Int64) -> Int32 {
        self.use { _ in
            size = Int64(self.inode.content.count)
            return SQLITE_OK
        }
    }

    // MARK: - Locks

    private var locks: Locks {
        get { self.inode.handles[ObjectIdentifier(self)] ?? Locks() }
        set { self.inode.handles[ObjectIdentifier(self)] = newValue }
    }

    private var others: [Locks] {
        self.inode.handles.filter { $0.key != ObjectIdentifier(self) }.map(\.value)
    }

    func lock(_ level: Int32) -> Int32 {
        self.use { _ in
            guard self.locks.level < level else { return SQLITE_OK }
            let highest = self.others.map(\.level).max() ?? SQLITE_LOCK_NONE
            switch level {
            case SQLITE_LOCK_SHARED where highest >= SQLITE_LOCK_PENDING: return SQLITE_BUSY
            case SQLITE_LOCK_RESERVED where highest >= SQLITE_LOCK_RESERVED: return SQLITE_BUSY
            case SQLITE_LOCK_EXCLUSIVE where highest >= SQLITE_LOCK_RESERVED: return SQLITE_BUSY
            case SQLITE_LOCK_EXCLUSIVE where highest >= SQLITE_LOCK_SHARED:
                self.locks.level = SQLITE_LOCK_PENDING
                return SQLITE_BUSY
            default:
                self.locks.level = level
                return SQLITE_OK
            }
        }
    }

    func unlock(to level: Int32) -> Int32 {
        self.use { _ in
            self.locks.level = min(self.locks.level, level)
            return SQLITE_OK
        }
    }

    func isReserved(_ result: inout Int32) -> Int32 {
        self.use { _ in
            result = (self.others + [self.locks]).contains { $0.level >= SQLITE_LOCK_RESERVED } ? 1 : 0
            return SQLITE_OK
        }
    }

    // MARK: - Shared memory

    func map(region: Int, bytes: Int, extend: Bool, _ result: inout UnsafeMutableRawPointer?) -> Int32 {
        self.use { _ in
            self.locks.isMapped = true
            while extend, self.inode.regions.count <= region {
                let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
                memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
                self.inode.regions.append(memory)
            }
            result = region < self.inode.regions.count ? self.inode.regions[region] : nil
            return SQLITE_OK
        }
    }

    func lockRegion(slots: UInt32, flags: Int32) -> Int32 {
        self.use { _ in
            if flags & SQLITE_SHM_UNLOCK != 0 {
                self.locks.shared &= ~slots
                self.locks.exclusive &= ~slots
                return SQLITE_OK
            }
            let isExclusive = flags & SQLITE_SHM_EXCLUSIVE != 0
            let taken = self.others.reduce(0) { $0 | $1.exclusive | (isExclusive ? $1.shared : 0) }
            guard taken & slots == 0 else { return SQLITE_BUSY }
            if isExclusive { self.locks.exclusive |= slots } else { self.locks.shared |= slots }
            return SQLITE_OK
        }
    }

    func unmap() -> Int32 {
        self.disk.state.withLock { _ in
            self.locks.isMapped = false
            self.locks.shared = 0
            self.locks.exclusive = 0
            // Whoever maps it first finds it empty, as after a crash.
            if !self.others.contains(where: \.isMapped) { self.inode.dropRegions() }
            return SQLITE_OK
        }
    }
}

extension PowerCutDisk {
    /// Opens a file, or a nameless temporary one.
    func open(_ name: String?, flags: Int32) -> OpenFile? {
        self.state.withLock { state in
            guard let name else {
                return OpenFile(
                    Inode(),
                    on: self,
                    generation: state.generation,
                    nameToDelete: nil,
                    syncsDirectory: false
                )
            }
            if state.names[name] == nil {
                guard flags & SQLITE_OPEN_CREATE != 0 else { return nil }
                guard self.begin(&state) else {
                    state.cut()
                    return nil
                }
                state.names[name] = Inode()
            } else if flags & SQLITE_OPEN_EXCLUSIVE != 0 {
                return nil
            }
            guard let inode = state.names[name] else { return nil }
            let journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL
            return OpenFile(
                inode,
                on: self,
                generation: state.generation,
                nameToDelete: flags & SQLITE_OPEN_DELETEONCLOSE != 0 ? name : nil,
                syncsDirectory: flags & SQLITE_OPEN_CREATE != 0 && flags & journals != 0
            )
        }
    }

    func delete(_ name: String, syncsDirectory: Bool) -> Int32 {
        self.state.withLock { state in
            guard state.names[name] != nil else { return SQLITE_IOERR | 23 << 8 }
            guard self.begin(&state) else {
                state.names[name] = nil
                state.cut()
                return SQLITE_IOERR
            }
            state.names[name] = nil
            if syncsDirectory, case .lying = state.syncs {
            } else if syncsDirectory {
                state.durableNames = state.names
            }
            return SQLITE_OK
        }
    }

    /// As SQLite's own file systems do it, an empty file counts as none.
    func exists(_ name: String) -> Bool {
        self.state.withLock { $0.names[name].map { !$0.content.isEmpty } ?? false }
    }
}
