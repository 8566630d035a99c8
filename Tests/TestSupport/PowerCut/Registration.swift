import CSQLite
import Glibc
import Synchronization

/// A disk's entry in SQLite's list of file systems: C functions that hand on to `PowerCutDisk` and `OpenFile`.
final class Registration: @unchecked Sendable {
    private let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    private let name: UnsafeMutablePointer<CChar>
    private static let maximumNameBytes = 512

    /// What SQLite keeps of an open file: its methods, and behind them the object.
    fileprivate struct Handle {
        var base: sqlite3_file
        var file: Unmanaged<OpenFile>?
    }

    init(named name: String) {
        self.name = .allocate(capacity: name.utf8.count + 1)
        _ = name.withCString { text in strcpy(self.name, text) }
    }

    /// The disk is not retained: it takes its entry back before it goes.
    func register(for disk: PowerCutDisk) {
        var vfs = sqlite3_vfs()
        vfs.iVersion = 2
        vfs.szOsFile = Int32(MemoryLayout<Handle>.size)
        vfs.mxPathname = Int32(Self.maximumNameBytes)
        vfs.zName = UnsafePointer(self.name)
        vfs.pAppData = Unmanaged.passUnretained(disk).toOpaque()
        vfs.xOpen = { vfs, name, file, flags, outFlags in
            let name = name.map { String(cString: $0) }
            let handle = UnsafeMutableRawPointer(file!).assumingMemoryBound(to: Handle.self)
            handle.pointee.base.pMethods = nil
            guard let opened = Registration.disk(of: vfs).open(name, flags: flags) else { return SQLITE_CANTOPEN }
            handle.pointee.file = .passRetained(opened)
            handle.pointee.base.pMethods = UnsafePointer(Registration.methods)
            outFlags?.pointee = flags
            return SQLITE_OK
        }
        vfs.xDelete = { vfs, name, syncsDirectory in
            Registration.disk(of: vfs).delete(String(cString: name!), syncsDirectory: syncsDirectory != 0)
        }
        vfs.xAccess = { vfs, name, _, result in
            result?.pointee = Registration.disk(of: vfs).exists(String(cString: name!)) ? 1 : 0
            return SQLITE_OK
        }
        vfs.xFullPathname = { _, name, count, result in
            guard strlen(name!) < Int(count) else { return SQLITE_CANTOPEN }
            strcpy(result!, name!)
            return SQLITE_OK
        }
        vfs.xRandomness = { vfs, count, result in
            let bytes = Registration.disk(of: vfs).state.withLock { $0.random.bytes(Int(count)) }
            for (index, byte) in bytes.enumerated() { result![index] = CChar(bitPattern: byte) }
            return count
        }
        let machine = sqlite3_vfs_find(nil)!.pointee
        vfs.xSleep = machine.xSleep
        vfs.xCurrentTime = machine.xCurrentTime
        vfs.xCurrentTimeInt64 = machine.xCurrentTimeInt64
        vfs.xGetLastError = { _, _, _ in 0 }
        self.vfs.initialize(to: vfs)
        sqlite3_vfs_register(self.vfs, 0)
    }

    func unregister() {
        sqlite3_vfs_unregister(self.vfs)
        self.vfs.deinitialize(count: 1)
        self.vfs.deallocate()
        self.name.deallocate()
    }

    private static func disk(of vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> PowerCutDisk {
        Unmanaged<PowerCutDisk>.fromOpaque(vfs!.pointee.pAppData).takeUnretainedValue()
    }

    private static func file(_ handle: UnsafeMutablePointer<sqlite3_file>?) -> OpenFile {
        UnsafeMutableRawPointer(handle!).assumingMemoryBound(to: Handle.self).pointee.file!.takeUnretainedValue()
    }

    /// The methods of all files, made once.
    nonisolated(unsafe) private static let methods: UnsafeMutablePointer<sqlite3_io_methods> = {
        var methods = sqlite3_io_methods()
        methods.iVersion = 2
        methods.xClose = { handle in
            Registration.file(handle).close()
            UnsafeMutableRawPointer(handle!).assumingMemoryBound(to: Handle.self).pointee.file!.release()
            return SQLITE_OK
        }
        methods.xRead = { handle, buffer, count, offset in
            let buffer = UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))
            return Registration.file(handle).read(buffer, at: Int(offset))
        }
        methods.xWrite = { handle, buffer, count, offset in
            let bytes = Array(UnsafeRawBufferPointer(start: buffer, count: Int(count)))
            return Registration.file(handle).write(bytes, at: Int(offset))
        }
        methods.xTruncate = { handle, size in Registration.file(handle).truncate(to: Int(size)) }
        methods.xSync = { handle, _ in Registration.file(handle).sync() }
        methods.xFileSize = { handle, size in Registration.file(handle).size(&size!.pointee) }
        methods.xLock = { handle, level in Registration.file(handle).lock(level) }
        methods.xUnlock = { handle, level in Registration.file(handle).unlock(to: level) }
        methods.xCheckReservedLock = { handle, result in Registration.file(handle).isReserved(&result!.pointee) }
        methods.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
        methods.xSectorSize = { _ in 4_096 }
        methods.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
        methods.xShmMap = { handle, region, bytes, extend, result in
            var found: UnsafeMutableRawPointer?
            let file = Registration.file(handle)
            let status = file.map(region: Int(region), bytes: Int(bytes), extend: extend != 0, &found)
            result?.pointee = found
            return status
        }
        methods.xShmLock = { handle, first, count, flags in
            let slots = (UInt32(1) << UInt32(count) - 1) << UInt32(first)
            return Registration.file(handle).lockRegion(slots: slots, flags: flags)
        }
        methods.xShmBarrier = { _ in atomicMemoryFence(ordering: .sequentiallyConsistent) }
        methods.xShmUnmap = { handle, _ in Registration.file(handle).unmap() }
        let place = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        place.initialize(to: methods)
        return place
    }()
}
