import CSQLite
import Synchronization

/// A disk in memory whose power can be cut: what was not synced by then is lost, kept, torn or garbled, at random.
///
/// SQLite reaches it by the name of its VFS. After a cut every open file fails for good, as the files of a dead process
/// do, and files that are opened anew show what was left. The rules are those of POSIX and of SQLite's own assumptions:
/// a sync makes the content of one file durable; the sync of a new journal makes the names in its directory durable;
/// a write touches no byte outside of its range (`SQLITE_IOCAP_POWERSAFE_OVERWRITE`).
public final class PowerCutDisk: Sendable {
    /// What SQLite opens files on this disk with.
    public let vfsName: String
    let state: Mutex<State>
    private let registration: Registration

    public init(seed: UInt64) {
        self.vfsName = "power-cut-\(seed)-\(Self.serial.add(1, ordering: .relaxed).newValue)"
        self.state = Mutex(State(random: SplitMix64(seed: seed)))
        self.registration = Registration(named: self.vfsName)
        self.registration.register(for: self)
    }

    deinit { self.registration.unregister() }

    private static let serial = Atomic(0)

    /// How a sync fares.
    public enum Syncs: Sendable {
        /// What was written is on the disk.
        case honest
        /// It reports success and does nothing: a disk that no database can be kept on.
        case lying
        /// One in so many fails, and a later one does not make good for it.
        case failing(oneIn: Int)
    }

    public func setSyncs(_ syncs: Syncs) { self.state.withLock { $0.syncs = syncs } }

    /// Has one write in so many fail, of which a part is done: a disk that is full. With nil none does.
    public func setFailingWrites(oneIn odds: Int?) { self.state.withLock { $0.failingWrites = odds } }

    /// How many writes a file has seen since the power was cut, and its bytes.
    public func writes(to name: String) -> (count: Int, bytes: Int) {
        self.state.withLock { state in state.names[name].map { ($0.writes, $0.content.count) } ?? (0, 0) }
    }

    /// Cuts the power now.
    public func cutPower() { self.state.withLock { $0.cut() } }

    /// Cuts the power in the middle of the write, sync, truncation, creation or deletion that follows so many others.
    public func cutPower(afterOperations count: Int) { self.state.withLock { $0.operationsLeft = count } }

    /// How often the power was cut.
    public var cuts: Int { self.state.withLock { $0.generation } }

    /// Counts one operation; false where the power goes while it runs.
    func begin(_ state: inout State) -> Bool {
        guard let left = state.operationsLeft else { return true }
        if left == 0 { return false }
        state.operationsLeft = left - 1
        return true
    }

    struct State: Sendable {
        var random: SplitMix64
        var syncs = Syncs.honest
        var failingWrites: Int?
        var operationsLeft: Int?
        var generation = 0
        /// The directory as programs see it.
        var names: [String: Inode] = [:]
        /// The directory as it is on the disk for certain.
        var durableNames: [String: Inode] = [:]

        /// Leaves what a power cut leaves: of each file and each name the durable state and some of what came after it.
        mutating func cut() {
            self.generation += 1
            self.operationsLeft = nil
            var left: [String: Inode] = [:]
            for name in Set(self.names.keys).union(self.durableNames.keys).sorted() {
                let now = self.names[name]
                let before = self.durableNames[name]
                if let inode = now === before || self.random.once(in: 2) ? now : before {
                    left[name] = Inode(content: inode.remains(&self.random))
                }
            }
            self.names = left
            self.durableNames = left
        }
    }
}

/// The content of a file, and who holds which of its locks; used under the disk's mutex.
final class Inode: @unchecked Sendable {
    enum Change {
        case write(at: Int, [UInt8])
        case truncate(to: Int)
    }

    /// What programs see.
    private(set) var content: [UInt8]
    /// What is on the disk for certain.
    private var durable: [UInt8]
    /// What came after it, in order.
    private var changes: [Change] = []
    private(set) var writes = 0
    var handles: [ObjectIdentifier: Locks] = [:]
    /// The shared memory beside the file (SQLite's wal-index).
    var regions: [UnsafeMutableRawPointer] = []

    init(content: [UInt8] = []) {
        self.content = content
        self.durable = content
    }

    deinit { self.dropRegions() }

    func dropRegions() {
        for region in self.regions { region.deallocate() }
        self.regions = []
    }

    func countWrite() { self.writes += 1 }

    func write(_ bytes: [UInt8], at offset: Int) {
        Self.apply(.write(at: offset, bytes), to: &self.content)
        self.changes.append(.write(at: offset, bytes))
    }

    func truncate(to size: Int) {
        Self.apply(.truncate(to: size), to: &self.content)
        self.changes.append(.truncate(to: size))
    }

    func sync() {
        for change in self.changes { Self.apply(change, to: &self.durable) }
        self.changes = []
    }

    /// Drops the changes from memory: what of them is not on the disk now will not be there after the next sync either.
    func failSync(_ random: inout SplitMix64) {
        self.durable = self.remains(&random)
        self.changes = []
    }

    private static func apply(_ change: Change, to bytes: inout [UInt8]) {
        switch change {
        case .truncate(let size): Self.resize(&bytes, to: size)
        case .write(let offset, let new):
            if bytes.count < offset + new.count { Self.resize(&bytes, to: offset + new.count) }
            bytes.replaceSubrange(offset..<offset + new.count, with: new)
        }
    }

    private static func resize(_ bytes: inout [UInt8], to size: Int) {
        if size < bytes.count { bytes.removeLast(bytes.count - size) }
        if size > bytes.count { bytes += [UInt8](repeating: 0, count: size - bytes.count) }
    }

    /// What is found after a power cut.
    func remains(_ random: inout SplitMix64) -> [UInt8] {
        var found = self.durable
        switch random.below(4) {
        case 0: break
        case 1: for change in self.changes { Self.apply(change, to: &found) }
        case 2:
            for change in self.changes.prefix(random.below(self.changes.count + 1)) { Self.apply(change, to: &found) }
        default: for change in self.changes { Self.tear(change, &random, in: &found) }
        }
        return found
    }

    private static let sectorBytes = 512

    /// Applies some sectors of a change, and garbles a few.
    private static func tear(_ change: Change, _ random: inout SplitMix64, in found: inout [UInt8]) {
        guard case .write(let offset, let bytes) = change else {
            if random.once(in: 2) { Self.apply(change, to: &found) }
            return
        }
        var start = 0
        while start < bytes.count {
            let boundary = ((offset + start) / Self.sectorBytes + 1) * Self.sectorBytes - offset
            let end = min(boundary, bytes.count)
            switch random.below(16) {
            case 0..<7: break
            case 7: Self.apply(.write(at: offset + start, random.bytes(end - start)), to: &found)
            default: Self.apply(.write(at: offset + start, Array(bytes[start..<end])), to: &found)
            }
            start = end
        }
    }
}

/// What one open file holds of the locks of its inode.
struct Locks {
    /// Of the file: `SQLITE_LOCK_NONE` to `SQLITE_LOCK_EXCLUSIVE`.
    var level = SQLITE_LOCK_NONE
    /// Of the slots of the shared memory, a bit each.
    var shared: UInt32 = 0
    var exclusive: UInt32 = 0
    var isMapped = false
}
